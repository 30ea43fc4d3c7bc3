using System.Globalization;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>The parts of a hash in the PHC form, <c>$id$v=…$name=number,…$salt$hash</c>; the version is optional.</summary>
internal sealed class PhcText
{
    private const int MinHashBytes = 16;
    private const int MaxBytes = 128;

    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);

    private PhcText(string id, int version, byte[] salt, byte[] hash) => (Id, Version, Salt, Hash) = (id, version, salt, hash);

    public string Id { get; }

    /// <summary>0 when none is named.</summary>
    public int Version { get; }

    public byte[] Salt { get; }

    public byte[] Hash { get; }

    /// <exception cref="FormatException">What is wrong, without the text.</exception>
    public static PhcText Parse(string text, params string[] names)
    {
        var parts = text.Split('$');
        var versioned = parts.Length == 6 && parts[2].StartsWith("v=", StringComparison.Ordinal);
        if (parts.Length != (versioned ? 6 : 5))
            throw new FormatException("is a cut or malformed password hash");
        var version = versioned ? InRange("v", Number(parts[2][2..], "v"), 0, int.MaxValue) : 0;
        var phc = new PhcText(parts[1], version, Base64(parts[^2], "salt"), Base64(parts[^1], "hash"));
        if (phc.Hash.Length < MinHashBytes)
            throw new FormatException($"is a password hash of {phc.Hash.Length} bytes; it takes {MinHashBytes} to {MaxBytes}");
        foreach (var pair in parts[^3].Split(','))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            // A number alone is how passlib names the rounds of PBKDF2.
            var name = at < 0 ? names[0] : pair[..at];
            if (!names.Contains(name, StringComparer.Ordinal) || !phc._numbers.TryAdd(name, Number(pair[(at + 1)..], name)))
                throw new FormatException("is a password hash with a parameter that is unknown or given twice");
        }
        return phc;
    }

    /// <summary>A parameter within its bounds.</summary>
    public int Of(string name, int min, int max, int? otherwise = null) =>
        !_numbers.TryGetValue(name, out var value)
            ? otherwise ?? throw new FormatException($"is a password hash without its parameter {name}")
            : InRange(name, value, min, max);

    public static int InRange(string name, long value, int min, int max) =>
        value >= min && value <= max
            ? (int)value
            : throw new FormatException($"is a password hash with {name} {value.ToString(CultureInfo.InvariantCulture)}; it takes {min} to {max}");

    public static long Number(string text, string name) =>
        text.Length is > 0 and <= 12 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"is a password hash whose {name} is no number");

    /// <summary>Base64 with or without padding; passlib writes '.' for '+'.</summary>
    public static byte[] Base64(string text, string name)
    {
        var padded = text.TrimEnd('=').Replace('.', '+');
        padded += new string('=', (4 - (padded.Length % 4)) % 4);
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length) || length > MaxBytes)
            throw new FormatException($"is a password hash whose {name} is no base64 of at most {MaxBytes} bytes");
        return bytes[..length];
    }
}
