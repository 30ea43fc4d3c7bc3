using System.Globalization;

namespace Gamekeeper.Redis;

/// <summary>Reads connection strings, in both usual forms. What it says about a wrong one never repeats it: there is a password in it.</summary>
internal static class RedisAddressText
{
    private const string Forms =
        "It has the form redis://user:password@host:6379/0, rediss://… for TLS, unix:///path?db=0, or host:6379,user=…,password=…,ssl=true,defaultDatabase=0.";

    /// <summary>What is wrong with it, and null when it is fine.</summary>
    public static string? Problem(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException failure)
        {
            return failure.Message;
        }
    }

    /// <exception cref="FormatException">It is neither form; the message says what is wrong.</exception>
    public static RedisAddress Parse(string text)
    {
        text = text.Trim();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return ParseList(text);
        var rest = text[(scheme + 3)..];
        return text[..scheme].ToLowerInvariant() switch
        {
            "redis" => ParseUrl(rest, usesTls: false),
            "rediss" => ParseUrl(rest, usesTls: true),
            "unix" => ParseSocket(rest),
            _ => throw Wrong("its scheme is unknown"),
        };
    }

    private static RedisAddress ParseUrl(string rest, bool usesTls)
    {
        var slash = rest.IndexOf('/');
        var (entry, database) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        var (user, password, place) = Entry(entry);
        var (host, port) = Place(place);
        return new() { Host = host, Port = port, UsesTls = usesTls, User = user, Password = password, Database = Database(database) };
    }

    private static RedisAddress ParseSocket(string rest)
    {
        var slash = rest.IndexOf('/');
        if (slash < 0)
            throw Wrong("it names no socket file");
        var (user, password, host) = Entry(rest[..slash]);
        var file = rest[slash..].Split('?', 2);
        if (host.Length > 0 || file[0].Length is < 2 or > 107)
            throw Wrong("a socket file is an absolute path of at most 107 characters");
        var database = file.Length == 1 ? "" : file[1].StartsWith("db=", StringComparison.Ordinal) ? file[1][3..] : throw Wrong("behind the socket file only ?db=… may stand");
        return new() { SocketFile = Uri.UnescapeDataString(file[0]), User = user, Password = password, Database = Database(database) };
    }

    private static RedisAddress ParseList(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[0].Contains('='))
            throw Wrong("it begins with no host");
        var (host, port) = Place(parts[0]);
        string? user = null,
            password = null;
        var (usesTls, database) = (false, 0);
        foreach (var part in parts.Skip(1))
        {
            var at = part.IndexOf('=');
            if (at < 0)
                throw Wrong("it names more than one server, or a part of it has no '='");
            var value = part[(at + 1)..];
            switch (part[..at].Trim().ToLowerInvariant())
            {
                case "user" or "username":
                    user = value;
                    break;
                case "password":
                    password = value;
                    break;
                case "ssl" or "tls":
                    usesTls = bool.TryParse(value, out var ssl) ? ssl : throw Wrong("ssl is true or false");
                    break;
                case "defaultdatabase":
                    database = Database(value);
                    break;
                case "abortconnect": // We never do.
                    break;
                default:
                    throw Wrong("it sets something unknown; known are user, password, ssl, defaultDatabase");
            }
        }
        return new() { Host = host, Port = port, UsesTls = usesTls, User = NullIfEmpty(user), Password = NullIfEmpty(password), Database = database };
    }

    private static (string? User, string? Password, string Place) Entry(string entry)
    {
        var at = entry.LastIndexOf('@');
        if (at < 0)
            return (null, null, entry);
        var named = entry[..at].Split(':', 2);
        var password = named.Length > 1 ? NullIfEmpty(Uri.UnescapeDataString(named[1])) : null;
        return (NullIfEmpty(Uri.UnescapeDataString(named[0])), password, entry[(at + 1)..]);
    }

    private static (string Host, int Port) Place(string place)
    {
        // An IPv6 address stands in brackets, for it has colons of its own.
        var hostEnd = place.StartsWith('[') ? place.IndexOf(']') + 1 : place.IndexOf(':') is >= 0 and var colon ? colon : place.Length;
        var host = place[..hostEnd].Trim('[', ']');
        var port = place[hostEnd..];
        if (host.Length == 0)
            throw Wrong("it names no host");
        if (port.Length == 0)
            return (host, RedisAddress.OrdinaryPort);
        return port[0] == ':' && int.TryParse(port[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535
            ? (host, number)
            : throw Wrong("its port is not a number from 1 to 65535");
    }

    private static int Database(string text) =>
        text.Length == 0 ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong("its database is not a number");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static FormatException Wrong(string what) => new($"{what}. {Forms}");
}
