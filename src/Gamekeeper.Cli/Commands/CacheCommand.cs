using System.CommandLine;
using System.Globalization;
using Gamekeeper.Caching;
using Gamekeeper.Caching.Warming;
using Gamekeeper.Cli.Databases;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>cache</c>: what is cached, and filling it.</summary>
internal static class CacheCommand
{
    private static readonly Option<string?> Only = new("--only") { Description = "One warmer, by its name. Default: all." };

    public static Command Create()
    {
        var keys = new Command("keys", "Every kind of cached value: how long it is kept, what is promised of it, which tables' writes drop it.");
        keys.SetAction(Invocation.Of(KeysAsync));
        var warm = new Command("warm", "Fill the Redis that all nodes share with what is asked for most, and print how many values that were.") { Only };
        warm.SetAction(Invocation.Of(WarmAsync));
        return new Command("cache", "What is kept in caches, and filling them.") { keys, warm };
    }

    private static async Task<int> KeysAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = OpenedGamekeeper.WithoutDatabase();
        var keys = gamekeeper.Get<CacheCatalogue>().Keys;
        invocation.Terminal.Answer(
            keys.Select(k => new { k.Pattern, Class = Class(k), k.TimeClass, TimeToLiveSeconds = (int)k.TimeToLive.TotalSeconds, k.DroppedBy }),
            terminal => terminal.Table(
            [
                ["key", "class", "kept", "dropped by writes of"],
                .. keys.Select(k => new[] { k.Pattern, Class(k), $"{k.TimeToLive.TotalSeconds:0} s, {k.TimeClass}", k.IsDroppedByCallers ? "callers say so" : k.DroppedBy.Count == 0 ? "time alone" : string.Join(", ", k.DroppedBy) }),
            ]));
        return ExitCodes.Ok;
    }

    private static async Task<int> WarmAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        var only = arguments.GetValue(Only);
        await using var gamekeeper = await OpenedGamekeeper.JoinCachesAsync(invocation, cancellationToken);
        var warming = gamekeeper.Get<CacheWarming>();
        if (only is not null && !warming.Names.Contains(only, StringComparer.Ordinal))
            throw new GamekeeperException("usage.invalid", $"There is no warmer '{only}'. There are: {string.Join(", ", warming.Names)}.");
        var warmed = await warming.RunAsync(only, cancellationToken);
        invocation.Terminal.Answer(
            warmed.Select(w => new { w.Name, w.Keys, Milliseconds = (int)w.Took.TotalMilliseconds }),
            terminal => terminal.Table(
            [
                ["warmer", "values", "took"],
                .. warmed.Select(w => new[] { w.Name, w.Keys.ToString(CultureInfo.InvariantCulture), $"{w.Took.TotalMilliseconds:0} ms" }),
            ]));
        return ExitCodes.Ok;
    }

    private static string Class(CacheKey key) => key.Class == CacheClass.Fresh ? "fresh" : "bounded";
}
