using Gamekeeper.Caching.Values;
using Gamekeeper.SummonersGrid.Ownership;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>
/// The owner stands there once, words that repeat (templates, methods, signing keys) stand in a table, and a signature in its bytes: 60
/// bytes a card instead of 180.
/// </summary>
internal sealed class CardCollectionCodec : CacheCodec<CardCollection>
{
    private const int HashLength = 32;

    // Id, template, no stats, the shortest signature, method, events, creation, no transfer.
    private const int LeastBytes = 16 + 1 + 1 + 2 + 1 + 1 + 8 + 1;

    public override byte Version => 1;

    // A card is some 300 bytes, half of them its signature's text.
    public override int MemoryPerByte => 5;

    public override void Write(CacheWriter writer, CardCollection value)
    {
        var words = new WordTable();
        var signatures = new (int Key, byte[]? Hash)[value.Newest.Count];
        for (var i = 0; i < signatures.Length; i++)
        {
            var card = value.Newest[i];
            words.Add(card.TemplateId);
            words.Add(card.AcquiredMethod);
            // One of an older format has no form but its text.
            signatures[i] = CardSignature.TryParse(card.Signature, out var signature) ? (words.Add(signature.KeyId), signature.Hash) : (-1, null);
        }
        writer.Write(value.Owner);
        writer.Write(words.All, static (to, word) => to.Write(word));
        writer.Write((long)value.Newest.Count);
        for (var i = 0; i < signatures.Length; i++)
        {
            var card = value.Newest[i];
            writer.Write(card.Id);
            writer.Write((long)words.Add(card.TemplateId));
            writer.Write(card.UniqueStats);
            writer.Write((long)signatures[i].Key);
            if (signatures[i].Hash is { } hash)
                writer.WriteBytes(hash);
            else
                writer.Write(card.Signature);
            writer.Write((long)words.Add(card.AcquiredMethod));
            writer.Write((long)card.Events);
            writer.Write(card.CreatedAt);
            writer.Write(card.LastTransferred);
        }
    }

    public override CardCollection Read(ref CacheReader reader)
    {
        var owner = reader.ReadGuid();
        var words = new string[reader.ReadCount()];
        for (var i = 0; i < words.Length; i++)
            words[i] = reader.ReadText();
        var cards = new Card[reader.ReadCount(LeastBytes)];
        for (var i = 0; i < cards.Length; i++)
            cards[i] = new Card
            {
                OwnerId = owner,
                Id = reader.ReadGuid(),
                TemplateId = Word(words, reader.ReadInt()),
                UniqueStats = reader.ReadNullableText(),
                Signature = Signature(ref reader, words),
                AcquiredMethod = Word(words, reader.ReadInt()),
                Events = reader.ReadInt(),
                CreatedAt = reader.ReadInstant(),
                LastTransferred = reader.ReadNullableInstant(),
            };
        return new CardCollection(owner, cards);
    }

    private static string Signature(ref CacheReader reader, string[] words)
    {
        var key = reader.ReadInt();
        if (key < 0)
            return reader.ReadText();
        var parts = new SignatureParts(Word(words, key), reader.ReadBytes(HashLength));
        return string.Create(
            parts.KeyId.Length + 1 + 2 * HashLength,
            parts,
            static (text, parts) =>
            {
                parts.KeyId.CopyTo(text);
                text[parts.KeyId.Length] = ':';
                Convert.TryToHexStringLower(parts.Hash, text[(parts.KeyId.Length + 1)..], out _);
            }
        );
    }

    private static string Word(string[] words, int index) =>
        (uint)index < (uint)words.Length ? words[index] : throw new FormatException($"A cached collection names word {index} of {words.Length}.");

    private readonly ref struct SignatureParts(ReadOnlySpan<char> keyId, ReadOnlySpan<byte> hash)
    {
        public ReadOnlySpan<char> KeyId { get; } = keyId;

        public ReadOnlySpan<byte> Hash { get; } = hash;
    }

    private sealed class WordTable
    {
        private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All => _all;

        public int Add(string word)
        {
            if (_indexes.TryGetValue(word, out var index))
                return index;
            _all.Add(word);
            return _indexes[word] = _all.Count - 1;
        }
    }
}
