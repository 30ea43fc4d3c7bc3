namespace Gamekeeper.Accounts.ForeignPasswords;

/// <summary>
/// bcrypt, <c>$2b$12$</c> and 53 characters. The three letters name corrected mistakes of old makers; hashes of sound ones are the same.
/// As everywhere, only the first 72 bytes of a password count.
/// </summary>
internal sealed class BcryptPassword(int cost, byte[] salt, byte[] hash) : ForeignPassword
{
    /// <summary>2^15 rounds are some three seconds of one processor; each step doubles them.</summary>
    public const int MaxCost = 15;

    private const int SaltLength = 16;
    private const int HashLength = 23;
    private const int MaxPasswordBytes = 72;
    private const string Digits = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // "OrpheanBeholderScryDoubt", encrypted 64 times.
    private static readonly uint[] Text = [0x4F727068, 0x65616E42, 0x65686F6C, 0x64657253, 0x63727944, 0x6F756274];

    public static BcryptPassword Of(string text)
    {
        if (text.Length != 60 || text[6] != '$')
            throw new FormatException("is a cut or malformed password hash");
        var cost = PhcText.InRange("cost", PhcText.Number(text[4..6], "cost"), 4, MaxCost);
        return new(cost, Decode(text[7..29], SaltLength), Decode(text[29..], HashLength));
    }

    public override bool Matches(string password)
    {
        byte[] key = [.. Utf8(password), 0];
        if (key.Length > MaxPasswordBytes)
            key = key[..MaxPasswordBytes];
        var cipher = new Blowfish();
        cipher.Mix(key, salt);
        for (var round = 0; round < 1 << cost; round++)
        {
            cipher.Mix(key);
            cipher.Mix(salt);
        }
        var words = (uint[])Text.Clone();
        for (var i = 0; i < words.Length; i += 2)
            for (var times = 0; times < 64; times++)
                cipher.Encrypt(ref words[i], ref words[i + 1]);
        var computed = words.SelectMany(w => new[] { (byte)(w >> 24), (byte)(w >> 16 & 0xFF), (byte)(w >> 8 & 0xFF), (byte)(w & 0xFF) });
        return Same([.. computed.Take(HashLength)], hash);
    }

    private static byte[] Decode(string text, int length)
    {
        var bytes = new byte[length];
        var (bits, held, at) = (0, 0, 0);
        foreach (var digit in text)
        {
            var value = Digits.IndexOf(digit, StringComparison.Ordinal);
            if (value < 0)
                throw new FormatException("is a cut or malformed password hash");
            (bits, held) = ((bits << 6 | value) & 0xFFFF, held + 6);
            if (held < 8)
                continue;
            held -= 8;
            if (at < length)
                bytes[at++] = (byte)(bits >> held & 0xFF);
        }
        return bytes;
    }
}
