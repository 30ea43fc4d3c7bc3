using Gamekeeper.Redis;
using Npgsql;

namespace Gamekeeper.Cli.Configuration;

/// <summary>Makes a value fit to be shown. In doubt it hides: a masked port is a nuisance, a shown password is an accident.</summary>
internal static class Masking
{
    public const string Mask = "********";

    private static readonly string[] SecretWords = ["password", "passwd", "pwd", "secret", "token", "key", "passfile", "credential"];

    /// <summary>The value as it may be printed under this name.</summary>
    public static string Show(string name, string value)
    {
        if (value.Length == 0)
            return value;
        if (name.EndsWith("__Redis", StringComparison.OrdinalIgnoreCase) || name.EndsWith("__Redis__ConnectionString", StringComparison.OrdinalIgnoreCase))
            return new RedisOptions { ConnectionString = value }.ToString();
        if (name.StartsWith("ConnectionStrings", StringComparison.OrdinalIgnoreCase) || name.EndsWith("ConnectionString", StringComparison.OrdinalIgnoreCase))
            return ShowConnectionString(value);
        return SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) ? Mask : value;
    }

    private static string ShowConnectionString(string value)
    {
        try
        {
            var text = new NpgsqlConnectionStringBuilder(value);
            foreach (var keyword in text.Keys.ToList())
            {
                if (SecretWords.Any(word => keyword.Contains(word, StringComparison.OrdinalIgnoreCase)))
                    text[keyword] = Mask;
            }
            return text.ConnectionString;
        }
        // What cannot be read cannot be masked in part.
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            return $"{Mask} (cannot be read as a connection string)";
        }
    }
}
