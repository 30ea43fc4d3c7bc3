using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>ASP.NET Core Identity, versions 2 and 3; the framework's own hasher reads both.</summary>
internal sealed class IdentityPassword(string text) : ForeignPassword
{
    private const int V2Length = 1 + 16 + 32;
    private const int V3Header = 13;

    private static readonly PasswordHasher<object> Hasher = new();

    /// <summary>Base64 of a byte 0 (version 2) or 1 (version 3) and what follows; null when it is none.</summary>
    public static IdentityPassword? Of(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length < V2Length)
            return null;
        if (bytes[0] == 0)
            return length == V2Length ? new(text) : null;
        if (bytes[0] != 1)
            return null;
        var (function, rounds, salt) = (Word(bytes, 1), Word(bytes, 5), Word(bytes, 9));
        var hash = length - V3Header - salt;
        // 0 to 2: SHA-1, SHA-256, SHA-512.
        if (function > 2 || salt is < 16 or > 64 || hash is < 16 or > 64)
            return null;
        Pbkdf2Password.RoundsOf(rounds, (int)hash, function switch { 0 => 20, 1 => 32, _ => 64 });
        return new(text);
    }

    public override bool Matches(string password) =>
        Hasher.VerifyHashedPassword(this, text, password) != PasswordVerificationResult.Failed;

    private static long Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
