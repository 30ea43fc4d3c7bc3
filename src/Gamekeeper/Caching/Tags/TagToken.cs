using Gamekeeper.Caching.Values;

namespace Gamekeeper.Caching.Tags;

/// <summary>
/// What a tag stands for just now: random, and another one each time it is made. To remove the tag is to drop its token: the next one is
/// different, and with that every value under the old one is void, on all nodes, without a list of them.
/// </summary>
internal sealed record TagToken(Guid Value)
{
    /// <summary>As long as a value may be kept at most. A token that ends, or is evicted, takes its values with it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public static readonly CacheKey<string, TagToken> Key = new("core:tag:{tag}", new Codec())
    {
        TimeToLive = Life,
        IsDroppedByCallers = true,
        // A token of one node's own would make it void what the others keep, for as long as it had it.
        IsKeptWhenPublished = true,
    };

    public static TagToken New() => new(new Guid(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)));

    private sealed class Codec : CacheCodec<TagToken>
    {
        public override byte Version => 1;

        public override void Write(CacheWriter writer, TagToken value) => writer.Write(value.Value);

        public override TagToken Read(ref CacheReader reader) => new(reader.ReadGuid());
    }
}
