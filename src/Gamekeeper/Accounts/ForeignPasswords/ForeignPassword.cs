using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>
/// A password hash that another system made. It is only ever checked, once: the first sign-in replaces it by one of our own. What it
/// may cost is bounded here, since whoever wrote the text decides how much work checking it is.
/// </summary>
internal abstract class ForeignPassword
{
    /// <summary>The longest text of a hash.</summary>
    public const int MaxLength = 512;

    /// <summary>The most memory a check may take.</summary>
    public const int MaxMemoryBytes = 256 * 1024 * 1024;

    /// <summary>Every form that is read, for people.</summary>
    public const string Known =
        "bcrypt ($2a$, $2b$, $2y$), PBKDF2 (Django's pbkdf2_sha1 and pbkdf2_sha256, $pbkdf2$, $pbkdf2-sha256$, $pbkdf2-sha512$), "
        + "$scrypt$, $argon2id$, $argon2i$, SHA-crypt ($5$, $6$) and ASP.NET Core Identity v2 and v3";

    /// <summary>Memory of one check; 0 where it does not matter.</summary>
    public virtual long MemoryBytes => 0;

    /// <summary>Reads a hash; null, and what is wrong without a word of the hash itself, when it is none that can be checked.</summary>
    public static ForeignPassword? Parse(string text, out string problem)
    {
        problem = "";
        try
        {
            if (text.Length is 0 or > MaxLength)
                throw new FormatException($"takes 1 to {MaxLength} characters");
            return Find(text) ?? throw new FormatException($"is no password hash of a known form; known are {Known}");
        }
        catch (FormatException refused)
        {
            problem = refused.Message;
            return null;
        }
    }

    /// <summary>Whether it is this password's; takes the time that its maker chose.</summary>
    public abstract bool Matches(string password);

    /// <summary>Passwords are hashed as UTF-8; half a surrogate pair, which has none, becomes U+FFFD and so no password anyone has.</summary>
    protected static byte[] Utf8(string password) => Encoding.UTF8.GetBytes(password);

    protected static bool Same(ReadOnlySpan<byte> computed, ReadOnlySpan<byte> stored) => CryptographicOperations.FixedTimeEquals(computed, stored);

    private static ForeignPassword? Find(string text)
    {
        if (!text.StartsWith('$'))
            return text.StartsWith("pbkdf2_", StringComparison.Ordinal) ? Pbkdf2Password.OfDjango(text) : IdentityPassword.Of(text);
        var end = text.IndexOf('$', 1);
        return (end < 0 ? "" : text[1..end]) switch
        {
            "2a" or "2b" or "2y" => BcryptPassword.Of(text),
            "pbkdf2" or "pbkdf2-sha1" or "pbkdf2-sha256" or "pbkdf2-sha512" => Pbkdf2Password.OfPhc(text),
            "scrypt" => ScryptPassword.Of(text),
            "argon2id" or "argon2i" => Argon2Password.Of(text),
            "5" or "6" => ShaCryptPassword.Of(text),
            _ => null,
        };
    }
}
