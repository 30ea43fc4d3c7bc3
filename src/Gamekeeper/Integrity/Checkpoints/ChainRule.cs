using System.Text.Json;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>What makes checkpoints a chain, for the database and for a folder alike. Findings are the ends of sentences.</summary>
internal static class ChainRule
{
    /// <summary>What is wrong with a checkpoint after the one before; nothing when it follows.</summary>
    public static IEnumerable<string> Problems(SignedCheckpoint? previous, SignedCheckpoint next)
    {
        var said = next.Said;
        if (said.Number != next.Number)
            yield return $"says that it is checkpoint {said.Number}";
        if (said.Previous is null != previous is null)
            yield return previous is null ? $"says that it follows checkpoint {said.Previous!.Number}, which is not there" : "says that it is the first one";
        else if (previous is not null && (said.Previous!.Number != previous.Number || said.Previous.Hash != Convert.ToHexStringLower(previous.Hash)))
            yield return $"does not follow checkpoint {previous.Number} as it stands";
        var expected = said.Abandons is { } lost ? lost.Last + 1 : (previous?.Number ?? 0) + 1;
        if (next.Number != expected)
            yield return $"should be checkpoint {expected}";
        foreach (var cut in said.Sources)
        {
            var before = previous?.Said.Sources.FirstOrDefault(s => s.Name == cut.Name);
            if (cut.Total != (before?.Total ?? 0) + cut.Rows || cut.Through < (before?.Through ?? 0))
                yield return $"does not count on where the one before ended in {cut.Name}";
        }
    }

    /// <summary>What is wrong with the signature; null when it is one of ours.</summary>
    public static async ValueTask<string?> SignatureProblemAsync(SigningKeyRing keys, SignedCheckpoint signed, CancellationToken cancellationToken) =>
        SignatureProblem(await keys.FindAsync(signed.KeyId, cancellationToken), signed);

    /// <inheritdoc cref="SignatureProblemAsync" />
    public static string? SignatureProblem(SigningKey? key, SignedCheckpoint signed)
    {
        if (key is null)
            return $"is signed by {signed.KeyId}, which is none of our keys";
        try
        {
            return signed.IsSignedBy(key) ? null : "has a signature that is not good";
        }
        catch (JsonException)
        {
            return "cannot be read";
        }
    }
}
