using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Migrations.Provisioning;

/// <summary>
/// What PostgreSQL stores of a password (RFC 5803, SCRAM-SHA-256). Made here, so that the password itself is never in a statement that a
/// server may log.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;

    /// <exception cref="ArgumentException">The password is empty or not ASCII: others would need SASLprep to mean the same everywhere.</exception>
    public static string Of(string password)
    {
        if (password.Length == 0 || !password.All(c => c is >= ' ' and <= '~'))
            throw new ArgumentException("A role's password takes printable ASCII characters, at least one.", nameof(password));
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
