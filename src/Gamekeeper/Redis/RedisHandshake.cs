namespace Gamekeeper.Redis;

/// <summary>The first words on a connection: protocol and sign-in, the database, and who the server is.</summary>
internal sealed class RedisHandshake(RedisConnection connection, RedisAddress address, RedisPurpose purpose, CancellationToken cancellationToken)
{
    private const int OldestMajor = 7;

    /// <exception cref="RedisException">
    /// <see cref="RedisFailure.Refused"/>: the server does not want us, or is too old; the message is for an operator and holds no password.
    /// </exception>
    public async Task<RedisIdentity> RunAsync()
    {
        var version = await HelloAsync();
        if (address.Database != 0)
            await AskAsync(new("SELECT", address.Database), $"has no database {address.Database} for us");
        // Several sections at once: since 7.0.
        var about = await AskAsync(new("INFO", "server", "persistence"), "does not let us ask who it is; the user needs +info");
        var facts = Facts(about);
        if (facts.GetValueOrDefault("loading") == "1")
            throw new RedisException(RedisFailure.Unreachable, $"Redis at {address} is still loading its data.");
        return facts.TryGetValue("run_id", out var runId)
            ? new(runId, version, purpose)
            : throw new RedisException(RedisFailure.Protocol, $"Redis at {address} does not tell its run id.");
    }

    // One command for the protocol, the sign-in and our name among the server's clients, so that nothing is sent before it.
    private async Task<Version> HelloAsync()
    {
        RedisArgument[] signIn = address.Password is { } password ? ["AUTH", address.User ?? "default", password] : [];
        RedisArgument[] words = [3, .. signIn, "SETNAME", "gamekeeper"];
        RedisReply hello;
        try
        {
            hello = await connection.SendAsync(new RedisCommand("HELLO", words), cancellationToken);
        }
        catch (RedisException refusal) when (refusal.Kind == RedisFailure.Refused)
        {
            throw Refused(refusal);
        }
        var text = Entry(hello, "version");
        if (!Version.TryParse(text?.Split('-')[0], out var version))
            throw new RedisException(RedisFailure.Protocol, $"What answers at {address} does not tell its version; it may not be a Redis.");
        return version.Major >= OldestMajor ? version : throw TooOld($"Redis {version}");
    }

    private async Task<string> AskAsync(RedisCommand command, string otherwise)
    {
        try
        {
            return (await connection.SendAsync(command, cancellationToken)).Text ?? "";
        }
        catch (RedisException refusal) when (refusal.Kind == RedisFailure.Refused)
        {
            throw new RedisException(RedisFailure.Refused, $"Redis at {address} {otherwise}: {Harmless(refusal)}", refusal);
        }
    }

    private RedisException Refused(RedisException refusal) =>
        refusal.Code switch
        {
            "WRONGPASS" => new(RedisFailure.Refused, $"Redis at {address} does not accept the password of user '{address.User ?? "default"}', or there is no such user."),
            "NOAUTH" => new(RedisFailure.Refused, $"Redis at {address} asks for a password, and the connection string has none."),
            "NOPROTO" => TooOld("What answers"),
            "ERR" when refusal.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase) => TooOld("What answers"),
            // It is there and full, or not yet done with starting: it will be different soon.
            "ERR" or "LOADING" or "BUSY" => new(RedisFailure.Unreachable, $"Redis at {address} does not take a connection now: {Harmless(refusal)}"),
            _ => new(RedisFailure.Refused, $"Redis at {address} does not let us in: {Harmless(refusal)}"),
        };

    private RedisException TooOld(string what) => new(RedisFailure.Refused, $"{what} at {address} is too old: Redis {OldestMajor} or newer is needed.");

    // A server may repeat what it was told.
    private string Harmless(RedisException refusal) =>
        address.Password is { } password ? refusal.Message.Replace(password, "…", StringComparison.Ordinal) : refusal.Message;

    private static string? Entry(RedisReply map, string name)
    {
        var items = map.Items;
        for (var i = 0; i + 1 < items.Length; i += 2)
        {
            if (items[i].Text == name)
                return items[i + 1].Text;
        }
        return null;
    }

    private static Dictionary<string, string> Facts(string about)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in about.Split("\r\n"))
        {
            if (line.IndexOf(':') is > 0 and var colon)
                facts[line[..colon]] = line[(colon + 1)..];
        }
        return facts;
    }
}
