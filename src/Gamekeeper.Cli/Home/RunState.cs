using System.Text.Json;

namespace Gamekeeper.Cli.Home;

/// <summary>What an <c>up</c> says about itself to the other verbs. Stale after a crash, which <see cref="IsLive"/> tells.</summary>
internal sealed record RunState
{
    /// <summary>The <c>up</c> that runs the others.</summary>
    public required ProcessIdentity Up { get; init; }

    /// <summary>Null until it runs, and while it is being started again.</summary>
    public ProcessIdentity? Server { get; init; }

    public int? PostgresProcessId { get; init; }

    public required int PostgresPort { get; init; }

    public required string PostgresVersion { get; init; }

    /// <summary>Where the API is, such as <c>http://localhost:5280</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The server has answered as ready once.</summary>
    public bool Ready { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Version { get; init; }

    /// <summary>The process that wrote this is still the one that runs.</summary>
    public bool IsLive => Up.IsAlive;

    /// <summary>Null when there is none, or one that cannot be read because it broke off: then it says nothing.</summary>
    public static RunState? Read(GamekeeperHome home)
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(File.ReadAllText(home.RunFile), Json.Options);
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What runs now: null for none and for a stale note.</summary>
    public static RunState? ReadLive(GamekeeperHome home) => Read(home) is { IsLive: true } live ? live : null;

    public void Write(GamekeeperHome home)
    {
        var beside = $"{home.RunFile}.{Up.Id}.new";
        File.WriteAllText(beside, JsonSerializer.Serialize(this, Json.Options));
        File.Move(beside, home.RunFile, overwrite: true);
    }

    /// <summary>Nothing happens when there is none.</summary>
    public static void Remove(GamekeeperHome home)
    {
        if (File.Exists(home.RunFile))
            File.Delete(home.RunFile);
    }
}
