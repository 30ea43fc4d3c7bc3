using System.Buffers.Binary;

namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>Argon2id and Argon2i (RFC 9106) in the PHC form: <c>$argon2id$v=19$m=65536,t=3,p=4$salt$hash</c>.</summary>
internal sealed class Argon2Password : ForeignPassword
{
    /// <summary>Passes over the memory, in KiB; a few seconds of one processor.</summary>
    public const int MaxWork = 4 * 1024 * 1024;

    private readonly Argon2Parameters _parameters;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private Argon2Password(Argon2Parameters parameters, byte[] salt, byte[] hash) => (_parameters, _salt, _hash) = (parameters, salt, hash);

    public override long MemoryBytes => _parameters.MemoryKib * 1024L;

    public static Argon2Password Of(string text)
    {
        var phc = PhcText.Parse(text, "m", "t", "p");
        // A hash of the first version names none.
        var version = phc.Version == 0 ? 0x10 : phc.Version;
        if (version is not (0x10 or 0x13))
            throw new FormatException("is an Argon2 hash of a version that is none of 16 and 19");
        var lanes = phc.Of("p", 1, 64);
        var memory = phc.Of("m", 8 * lanes, MaxMemoryBytes / 1024);
        var passes = phc.Of("t", 1, MaxWork);
        if ((long)memory * passes > MaxWork)
            throw new FormatException($"is a password hash of {(long)memory * passes} KiB of work; it takes at most {MaxWork}");
        if (phc.Salt.Length < 8)
            throw new FormatException("is an Argon2 hash with a salt of fewer than 8 bytes");
        return new(new(phc.Id == "argon2id", version, memory, passes, lanes), phc.Salt, phc.Hash);
    }

    public override bool Matches(string password) =>
        Same(new Argon2(_parameters).Hash(Utf8(password), _salt, _hash.Length), _hash);
}

internal sealed record Argon2Parameters(bool IsHybrid, int Version, int MemoryKib, int Passes, int Lanes)
{
    /// <summary>2 for Argon2id, 1 for Argon2i.</summary>
    public int Type => IsHybrid ? 2 : 1;

    public byte[] Header(int length) => Words(Lanes, length, MemoryKib, Passes, Version, Type);

    public static byte[] Words(params ReadOnlySpan<int> values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), values[i]);
        return bytes;
    }
}
