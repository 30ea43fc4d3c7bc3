using System.Text;

namespace Gamekeeper.Privacy;

/// <summary>
/// The opened data key of one account. What it encrypts is bound to the account and the column: moved elsewhere, it does not open.
/// </summary>
public sealed class AccountKey
{
    private readonly byte[] _key;

    internal AccountKey(Guid account, byte[] key) => (Account, _key) = (account, key);

    /// <summary>Whose key it is.</summary>
    public Guid Account { get; }

    /// <summary>Encrypts a personal value for one column, such as <c>accounts.email_ciphertext</c>.</summary>
    public byte[] Encrypt(string column, string value) => KeyWrap.Seal(_key, Encoding.UTF8.GetBytes(value), Purpose(column));

    /// <summary>Decrypts a personal value of one column.</summary>
    /// <exception cref="GamekeeperException"><c>privacy.cannot-decrypt</c>.</exception>
    public string Decrypt(string column, byte[] ciphertext) => Encoding.UTF8.GetString(KeyWrap.Open(_key, ciphertext, Purpose(column)));

    private string Purpose(string column) => $"{column}:{Account:N}";
}
