using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Privacy;

/// <summary>
/// AES-256-GCM. Sealed form: one byte 1 (the version), 12 bytes nonce, 16 bytes tag, ciphertext. The purpose is authenticated with it,
/// so that a value put into another row or column does not open.
/// </summary>
internal static class KeyWrap
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, string purpose)
    {
        var box = new byte[HeaderLength + plaintext.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plaintext, box.AsSpan(HeaderLength), box.AsSpan(1 + NonceLength, TagLength), Encoding.UTF8.GetBytes(purpose));
        return box;
    }

    /// <exception cref="GamekeeperException"><c>privacy.cannot-decrypt</c>: another key, another purpose, or altered bytes.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, string purpose)
    {
        if (box.Length < HeaderLength || box[0] != Version)
            throw CannotDecrypt(purpose, null);
        var plaintext = new byte[box.Length - HeaderLength];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(
                box.Slice(1, NonceLength),
                box[HeaderLength..],
                box.Slice(1 + NonceLength, TagLength),
                plaintext,
                Encoding.UTF8.GetBytes(purpose)
            );
            return plaintext;
        }
        catch (AuthenticationTagMismatchException failure)
        {
            throw CannotDecrypt(purpose, failure);
        }
    }

    private static GamekeeperException CannotDecrypt(string purpose, Exception? failure) =>
        new(
            "privacy.cannot-decrypt",
            $"A protected value ({purpose}) does not open: its key is another one, or its bytes were altered or moved. Restore the row from a backup.",
            failure
        );
}
