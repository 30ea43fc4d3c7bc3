using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// A checkpoint with its signature, as it stands in the database and, the same bytes for ever, as an object. Signed is the text itself, so
/// that whoever checks it needs no rule of how to spell it.
/// </summary>
/// <param name="Number">Its number.</param>
/// <param name="Payload">The signed text: <see cref="Checkpoint"/> as JSON.</param>
/// <param name="KeyId">The key.</param>
/// <param name="Signature">ECDSA P-256 over the UTF-8 of the text, 64 bytes (r and s).</param>
public sealed record SignedCheckpoint(long Number, string Payload, string KeyId, byte[] Signature)
{
    /// <summary>Objects of checkpoints begin so.</summary>
    public const string Prefix = "checkpoints/";

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Checkpoint? _said;

    /// <summary>SHA-256 of the text.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Payload));

    /// <summary>What the text says.</summary>
    /// <exception cref="JsonException">It is no checkpoint of a format that this version reads.</exception>
    public Checkpoint Said => _said ??= Read(Payload);

    /// <summary>The content of its object.</summary>
    public byte[] ObjectBytes() =>
        JsonSerializer.SerializeToUtf8Bytes(new ObjectForm(Payload, KeyId, Convert.ToHexStringLower(Signature)), Form);

    /// <summary>The name of its object.</summary>
    public static string NameOf(long number) => $"{Prefix}{number:00000000}.json";

    /// <summary>The number of an object of that name; null when it is no checkpoint's.</summary>
    public static long? NumberOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)
        && long.TryParse(name[Prefix.Length..^".json".Length], System.Globalization.NumberStyles.None, null, out var number) && NameOf(number) == name
            ? number
            : null;

    /// <summary>Reads an object.</summary>
    /// <exception cref="JsonException">It is not the object of a checkpoint.</exception>
    public static SignedCheckpoint OfObject(ReadOnlySpan<byte> bytes)
    {
        var read = JsonSerializer.Deserialize<ObjectForm>(bytes, Form);
        if (read is not { Payload: not null, KeyId: not null, Signature: { Length: 128 } signature } || !signature.All(char.IsAsciiHexDigitLower))
            throw new JsonException("It has no payload, keyId and signature of 128 hex digits.");
        return new(Read(read.Payload).Number, read.Payload, read.KeyId, Convert.FromHexString(read.Signature));
    }

    internal static SignedCheckpoint Sign(Checkpoint checkpoint, SigningKey key)
    {
        var payload = JsonSerializer.Serialize(checkpoint, Form);
        return new(checkpoint.Number, payload, key.Id, key.Sign(Encoding.UTF8.GetBytes(payload)));
    }

    internal bool IsSignedBy(SigningKey key) => key.Id == KeyId && Said.KeyId == KeyId && key.Verify(Encoding.UTF8.GetBytes(Payload), Signature);

    private static Checkpoint Read(string payload) =>
        JsonSerializer.Deserialize<Checkpoint>(payload, Form) is { Format: Checkpoint.CurrentFormat, Sources: not null } said
        && said.Sources.All(s => s is { Name: not null, Covered: not null, Open: not null, WaitsFor: not null })
        && said is { Previous: null or { Hash: not null }, Leaves: null or { Object: not null, Sha256: not null } }
            ? said
            : throw new JsonException($"It is not of format {Checkpoint.CurrentFormat}.");

    private sealed record ObjectForm(string Payload, string KeyId, string Signature);
}
