using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gamekeeper.Simulation;

/// <summary>
/// Checks a card's exported history with the published keys and nothing else. Written after the format's description and on purpose
/// without a line of the product's code: what it finds right, anyone can find right.
/// </summary>
internal static class CardChain
{
    /// <summary>Null when everything agrees, else what does not, in one sentence.</summary>
    /// <param name="history">The export, as the server gave it.</param>
    /// <param name="keys">Public keys in PEM by their id.</param>
    public static string? Flaw(JsonElement history, IReadOnlyDictionary<string, string> keys)
    {
        var card = history.GetProperty("card");
        string? previousHash = null;
        string? previousOwner = null;
        var position = 0;
        foreach (var e in history.GetProperty("events").EnumerateArray())
        {
            position++;
            var hash = Text(e, "hash")!;
            if (e.GetProperty("position").GetInt32() != position)
                return $"position {position} is missing";
            if (Text(e, "previousHash") != previousHash || Text(e, "previousOwnerId") != previousOwner)
                return $"event {position} does not follow the one before it";
            if (DataFlaw(e) || Hex(SHA256.HashData(EventBytes(e, card))) != hash)
                return $"event {position} is not what was hashed";
            if (Climb(hash, e.GetProperty("path")) != Text(e.GetProperty("operation"), "eventsRoot"))
                return $"event {position} is not part of its operation";
            if (!IsSigned(e.GetProperty("operation"), keys))
                return $"the signature over event {position} is not good";
            (previousHash, previousOwner) = (hash, Text(e, "newOwnerId"));
        }
        if (position == 0)
            return "there is no event at all";
        if (Text(card, "ownerId") != previousOwner)
            return "the card's owner is not the one its history ends with";
        return Text(card, "signature")!.EndsWith(":" + previousHash, StringComparison.Ordinal) ? null : "the card carries another signature than its last event";
    }

    private static byte[] EventBytes(JsonElement e, JsonElement card)
    {
        var bytes = new Bytes();
        bytes.Id(Text(e, "id")).Id(Text(e.GetProperty("operation"), "id")).Id(Text(card, "id"));
        bytes.Int32(e.GetProperty("position").GetInt32()).Hash(Text(e, "previousHash"));
        bytes.Id(Text(e, "previousOwnerId")).Id(Text(e, "newOwnerId")).Word(Text(e, "method")!);
        bytes.Int64(e.GetProperty("createdAtMicroseconds").GetInt64()).Hash(Text(e, "dataHash"));
        return bytes.Hash(e.GetProperty("position").GetInt32() == 1 ? Hex(SHA256.HashData(FactBytes(card))) : null).All;
    }

    private static byte[] FactBytes(JsonElement card)
    {
        var stats = Text(card, "uniqueStats");
        return new Bytes().Word(Text(card, "templateId")!).Hash(stats is null ? null : Hex(SHA256.HashData(Encoding.UTF8.GetBytes(stats)))).All;
    }

    private static bool DataFlaw(JsonElement e)
    {
        var (data, salt) = (Text(e, "data"), Text(e, "dataSalt"));
        var hash = data is null && salt is null
            ? null
            : Hex(SHA256.HashData([.. Convert.FromHexString(salt ?? ""), .. Encoding.UTF8.GetBytes(data ?? "")]));
        return hash != Text(e, "dataHash");
    }

    private static string Climb(string hash, JsonElement path)
    {
        var node = SHA256.HashData([0, .. Convert.FromHexString(hash)]);
        foreach (var step in path.EnumerateArray())
        {
            var sibling = Convert.FromHexString(Text(step, "hash")!);
            node = SHA256.HashData(Text(step, "side") == "left" ? [1, .. sibling, .. node] : [1, .. node, .. sibling]);
        }
        return Hex(node);
    }

    private static bool IsSigned(JsonElement operation, IReadOnlyDictionary<string, string> keys)
    {
        var keyId = Text(operation, "keyId")!;
        if (!keys.TryGetValue(keyId, out var pem))
            return false;
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        // The id is the key's own fingerprint, so that no other key can be passed off under it.
        if (Hex(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..keyId.Length] != keyId)
            return false;
        var bytes = new Bytes();
        bytes.Id(Text(operation, "id")).Int64(operation.GetProperty("sequence").GetInt64()).Word(Text(operation, "kind")!);
        bytes.Int32(operation.GetProperty("eventCount").GetInt32()).Hash(Text(operation, "eventsRoot"));
        bytes.Id(Text(operation, "actorId")).Word(Text(operation, "actorKind")!);
        bytes.Int64(operation.GetProperty("createdAtMicroseconds").GetInt64()).Word(keyId);
        return key.VerifyData(bytes.All, Convert.FromHexString(Text(operation, "signature")!), HashAlgorithmName.SHA256);
    }

    private static string? Text(JsonElement of, string member) => of.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Format 1: big-endian integers, 16-byte ids, 32-byte hashes, text after its length in two bytes; zeros for what is absent.</summary>
    private sealed class Bytes
    {
        private readonly List<byte> _all = [1];

        public byte[] All => [.. _all];

        public Bytes Id(string? id) => Add(id is null ? new byte[16] : Convert.FromHexString(id.Replace("-", "", StringComparison.Ordinal)));

        public Bytes Hash(string? hash) => Add(hash is null ? new byte[32] : Convert.FromHexString(hash));

        public Bytes Word(string text)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            return Add([(byte)(utf8.Length >> 8), (byte)(utf8.Length & 0xff), .. utf8]);
        }

        public Bytes Int32(int value)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            return Add(bytes);
        }

        public Bytes Int64(long value)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            return Add(bytes);
        }

        private Bytes Add(byte[] bytes)
        {
            _all.AddRange(bytes);
            return this;
        }
    }
}
