using Gamekeeper.Caching.Values;
using Gamekeeper.SummonersGrid.Ownership;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>
/// The owner stands there once, words that repeat (templates, methods, signing keys) stand in a table, and a signature in its bytes: 60
/// bytes a card instead of 180. It stays in bytes until somebody asks for its text.
/// </summary>
internal sealed class CardCollectionCodec : CacheCodec<CardCollection>
{
    private const int HashLength = SignatureText.HashLength;

    // Id, template, no stats, the shortest signature, method, events, creation, no transfer.
    private const int LeastBytes = 16 + 1 + 1 + 2 + 1 + 1 + 8 + 1;

    public override byte Version => 1;

    // A card is some 200 bytes, of which its template, its owner and the words are references.
    public override int MemoryPerByte => 3;

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
            cards[i] = ReadCard(ref reader, owner, words);
        return new CardCollection(owner, cards);
    }

    // In the order in which they were written.
    private static Card ReadCard(ref CacheReader reader, Guid owner, string[] words)
    {
        var id = reader.ReadGuid();
        var template = Word(words, reader.ReadInt());
        var stats = reader.ReadNullableText();
        var signature = Signature(ref reader, words);
        var method = Word(words, reader.ReadInt());
        return new Card(id, template, owner, signature, method, events: reader.ReadInt())
        {
            UniqueStats = stats,
            CreatedAt = reader.ReadInstant(),
            LastTransferred = reader.ReadNullableInstant(),
        };
    }

    private static SignatureText Signature(ref CacheReader reader, string[] words)
    {
        var key = reader.ReadInt();
        return key < 0 ? new SignatureText(reader.ReadText()) : new SignatureText(Word(words, key), reader.ReadBytes(HashLength));
    }

    private static string Word(string[] words, int index) =>
        (uint)index < (uint)words.Length ? words[index] : throw new FormatException($"A cached collection names word {index} of {words.Length}.");

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
