using System.Security.Cryptography;
using System.Text.Json;

namespace Gamekeeper.Idempotency;

/// <summary>One request under a key, with a fingerprint of what was asked, so that a key cannot be reused for something else.</summary>
/// <param name="Key">The caller's key.</param>
/// <param name="Verb">What is asked, such as <c>trade.accept</c>.</param>
/// <param name="Fingerprint">SHA-256 of verb and body.</param>
public sealed record IdempotentRequest(IdempotencyKey Key, string Verb, byte[] Fingerprint)
{
    /// <summary>
    /// The request of a verb with its typed input; equal inputs give equal fingerprints. The body is what the verb was given after
    /// parsing, so white space and member order on the wire do not count.
    /// </summary>
    public static IdempotentRequest Of<TInput>(IdempotencyKey key, string verb, TInput input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(verb + "\n"));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(input));
        return new(key, verb, hash.GetHashAndReset());
    }
}
