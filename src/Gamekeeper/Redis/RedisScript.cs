using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Redis;

/// <summary>A Lua script and the hash under which the server keeps it. Made once and kept in a static field beside its only caller.</summary>
internal sealed class RedisScript
{
    [SuppressMessage("Security", "CA5350", Justification = "SHA-1 is how Redis names scripts; it protects nothing here.")]
    public RedisScript([StringSyntax("lua")] string text) => (Text, Sha) = (text, Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text))));

    public string Text { get; }

    public string Sha { get; }

    /// <summary>By its hash: all that a server needs that has seen it before.</summary>
    public RedisCommand ByHash(ReadOnlySpan<RedisArgument> keys, ReadOnlySpan<RedisArgument> arguments) =>
        new("EVALSHA", [Sha, keys.Length, .. keys, .. arguments]);

    /// <summary>The same call with the whole text, which the server keeps from then on.</summary>
    public RedisCommand InFull(in RedisCommand byHash) => new("EVAL", [Text, .. byHash.Arguments[1..]]);
}
