using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>PBKDF2 as Django, passlib and the PHC form write it.</summary>
internal sealed class Pbkdf2Password(HashAlgorithmName algorithm, int rounds, byte[] salt, byte[] hash) : ForeignPassword
{
    /// <summary>A few seconds of one processor.</summary>
    public const int MaxRounds = 5_000_000;

    /// <summary>The rounds, within their bound. A hash that is longer than its digest is computed piece by piece, each with all rounds.</summary>
    public static int RoundsOf(long rounds, int hashLength, int digestLength) =>
        PhcText.InRange("rounds", rounds, 1, MaxRounds / ((hashLength + digestLength - 1) / digestLength));

    /// <summary><c>pbkdf2_sha256$600000$salt$base64</c>, the salt being text.</summary>
    public static Pbkdf2Password OfDjango(string text)
    {
        var parts = text.Split('$');
        if (parts.Length != 4 || parts[2].Length is 0 or > 128)
            throw new FormatException("is a cut or malformed password hash");
        var algorithm = parts[0] switch
        {
            "pbkdf2_sha256" => HashAlgorithmName.SHA256,
            "pbkdf2_sha1" => HashAlgorithmName.SHA1,
            _ => throw new FormatException($"is no password hash of a known form; known are {Known}"),
        };
        var rounds = PhcText.InRange("rounds", PhcText.Number(parts[1], "rounds"), 1, MaxRounds);
        var hash = PhcText.Base64(parts[3], "hash");
        return hash.Length == (algorithm == HashAlgorithmName.SHA1 ? 20 : 32)
            ? new(algorithm, rounds, Encoding.UTF8.GetBytes(parts[2]), hash)
            : throw new FormatException("is a cut or malformed password hash");
    }

    /// <summary><c>$pbkdf2-sha256$29000$salt$hash</c> or <c>$pbkdf2-sha256$i=600000,l=32$salt$hash</c>.</summary>
    public static Pbkdf2Password OfPhc(string text)
    {
        var phc = PhcText.Parse(text, "i", "l");
        var (algorithm, digest) = phc.Id switch
        {
            "pbkdf2-sha256" => (HashAlgorithmName.SHA256, 32),
            "pbkdf2-sha512" => (HashAlgorithmName.SHA512, 64),
            _ => (HashAlgorithmName.SHA1, 20),
        };
        return phc.Of("l", 1, 128, phc.Hash.Length) == phc.Hash.Length
            ? new(algorithm, RoundsOf(phc.Of("i", 1, MaxRounds), phc.Hash.Length, digest), phc.Salt, phc.Hash)
            : throw new FormatException("is a cut or malformed password hash");
    }

    public override bool Matches(string password) => Same(Rfc2898DeriveBytes.Pbkdf2(Utf8(password), salt, rounds, algorithm, hash.Length), hash);
}
