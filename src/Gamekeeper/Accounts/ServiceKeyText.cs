using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Gamekeeper.Accounts;

/// <summary>
/// The text of a service key: <c>gk_</c>, 32 hex digits of its id, an underscore, 43 characters of base64url. The id finds the row, the
/// rest proves the holder; 32 random bytes need no salt and no slow hash.
/// </summary>
internal static class ServiceKeyText
{
    private const string Prefix = "gk_";
    private const int IdLength = 32;
    private const int SecretLength = 32;

    public static string Make(Guid id, out byte[] secretHash)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        secretHash = SHA256.HashData(secret);
        return $"{Prefix}{id:N}_{Base64Url.EncodeToString(secret)}";
    }

    public static bool TryRead(string? text, out Guid id, [NotNullWhen(true)] out byte[]? secretHash)
    {
        (id, secretHash) = (Guid.Empty, null);
        if (text is null || text.Length != Prefix.Length + IdLength + 1 + 43 || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        if (!Guid.TryParseExact(text.AsSpan(Prefix.Length, IdLength), "N", out id) || text[Prefix.Length + IdLength] != '_')
            return false;
        var secret = new byte[SecretLength];
        var encoded = text.AsSpan(Prefix.Length + IdLength + 1);
        if (!Base64Url.IsValid(encoded, out var decoded) || decoded != SecretLength || !Base64Url.TryDecodeFromChars(encoded, secret, out _))
            return false;
        secretHash = SHA256.HashData(secret);
        return true;
    }
}
