using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Privacy;

namespace Gamekeeper.Accounts;

/// <summary>
/// Refresh tokens: 32 bytes as 43 characters of base64url. The first of a session is random; each successor is derived from its
/// predecessor under a key of the server, so that a request sent twice gets the same successor without the server keeping it.
/// </summary>
internal static class RefreshToken
{
    private const int Length = 32;
    private const int TextLength = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    public static bool IsWellFormed(string? token) =>
        token is { Length: TextLength } && Base64Url.IsValid(token, out var decoded) && decoded == Length;

    /// <summary>What is stored: SHA-256 in hex. The token is random, so a fast hash without salt tells nothing.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    public static string Successor(string token, MasterKeys keys, string keyId) =>
        Base64Url.EncodeToString(keys.Mac(keyId, "refresh-token", Encoding.ASCII.GetBytes(token)));
}
