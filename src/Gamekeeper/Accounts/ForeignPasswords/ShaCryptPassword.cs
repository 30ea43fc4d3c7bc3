using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>The SHA-256 and SHA-512 forms of crypt(3), <c>$5$rounds=5000$salt$hash</c> and <c>$6$…</c>, after Drepper's specification.</summary>
internal sealed class ShaCryptPassword(HashAlgorithmName algorithm, int rounds, byte[] salt, string hash) : ForeignPassword
{
    /// <summary>A few seconds of one processor.</summary>
    public const int MaxRounds = 2_000_000;

    private const int DefaultRounds = 5_000;
    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static ShaCryptPassword Of(string text)
    {
        var parts = text.Split('$');
        var named = parts.Length == 5 && parts[2].StartsWith("rounds=", StringComparison.Ordinal);
        var isLong = parts[1] == "6";
        if (parts.Length != (named ? 5 : 4) || parts[^2].Length > 16 || parts[^1].Length != (isLong ? 86 : 43) || !parts[^1].All(Digits.Contains))
            throw new FormatException("is a cut or malformed password hash");
        var rounds = named ? PhcText.InRange("rounds", PhcText.Number(parts[2][7..], "rounds"), 1000, MaxRounds) : DefaultRounds;
        return new(isLong ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256, rounds, Encoding.UTF8.GetBytes(parts[^2]), parts[^1]);
    }

    public override bool Matches(string password) => Same(Encoding.ASCII.GetBytes(Encode(Digest(Utf8(password)))), Encoding.ASCII.GetBytes(hash));

    private byte[] Digest(byte[] key)
    {
        byte[] alternate = [.. key, .. salt, .. key];
        alternate = CryptographicOperations.HashData(algorithm, alternate);
        using var hasher = IncrementalHash.CreateHash(algorithm);
        hasher.AppendData(key);
        hasher.AppendData(salt);
        hasher.AppendData(Repeated(alternate, key.Length));
        for (var bits = key.Length; bits > 0; bits >>= 1)
            hasher.AppendData((bits & 1) != 0 ? alternate : key);
        var digest = hasher.GetHashAndReset();

        for (var i = 0; i < key.Length; i++)
            hasher.AppendData(key);
        var p = Repeated(hasher.GetHashAndReset(), key.Length);
        for (var i = 0; i < 16 + digest[0]; i++)
            hasher.AppendData(salt);
        var s = Repeated(hasher.GetHashAndReset(), salt.Length);

        for (var round = 0; round < rounds; round++)
        {
            hasher.AppendData(round % 2 != 0 ? p : digest);
            if (round % 3 != 0)
                hasher.AppendData(s);
            if (round % 7 != 0)
                hasher.AppendData(p);
            hasher.AppendData(round % 2 != 0 ? digest : p);
            digest = hasher.GetHashAndReset();
        }
        return digest;
    }

    private static byte[] Repeated(byte[] bytes, int length)
    {
        var result = new byte[length];
        for (var i = 0; i < length; i++)
            result[i] = bytes[i % bytes.Length];
        return result;
    }

    // Three bytes at a time, from three thirds of the digest whose places rotate; the odd ones at the end by themselves.
    private static string Encode(byte[] digest)
    {
        var text = new StringBuilder(86);
        var (third, isLong) = (digest.Length / 3, digest.Length == 64);
        for (var i = 0; i < third; i++)
        {
            var (a, b, c) = (i, i + third, i + 2 * third);
            var order = isLong
                ? (i % 3) switch { 0 => (a, b, c), 1 => (b, c, a), _ => (c, a, b) }
                : (i % 3) switch { 0 => (a, b, c), 1 => (c, a, b), _ => (b, c, a) };
            Append(text, digest[order.Item1] << 16 | digest[order.Item2] << 8 | digest[order.Item3], 4);
        }
        if (isLong)
            Append(text, digest[63], 2);
        else
            Append(text, digest[31] << 8 | digest[30], 3);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int value, int digits)
    {
        for (var i = 0; i < digits; i++, value >>= 6)
            text.Append(CultureInfo.InvariantCulture, $"{Digits[value & 63]}");
    }
}
