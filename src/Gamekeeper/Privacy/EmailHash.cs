using System.Text;

namespace Gamekeeper.Privacy;

/// <summary>
/// Keyed hash of an address (HMAC-SHA256 under a key derived from a master key): finds it and keeps it unique, and tells nothing to
/// someone who has the database alone.
/// </summary>
/// <param name="KeyId">The master key it was derived from.</param>
/// <param name="Hash">32 bytes.</param>
public sealed record EmailHash(string KeyId, byte[] Hash)
{
    /// <summary>Under the active key.</summary>
    public static EmailHash Of(EmailAddress address, MasterKeys keys) => Of(address, keys, keys.ActiveId);

    /// <summary>
    /// Under every configured key, the active one first. Both sides of a rotation are written and searched, so that an address is unique
    /// and found at every moment of it.
    /// </summary>
    public static IReadOnlyList<EmailHash> AllOf(EmailAddress address, MasterKeys keys) => [.. keys.Ids.Select(id => Of(address, keys, id))];

    private static EmailHash Of(EmailAddress address, MasterKeys keys, string keyId) =>
        new(keyId, keys.Mac(keyId, "email", Encoding.UTF8.GetBytes(address.Value)));
}
