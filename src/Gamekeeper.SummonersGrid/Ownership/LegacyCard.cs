using System.Text.Json;
using Gamekeeper.Integrity;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>A card with a signature of an older format and no history, as seen under its lock.</summary>
public sealed record LegacyCard(
    Guid Id,
    string TemplateId,
    Guid OwnerId,
    string? UniqueStats,
    string Signature,
    IReadOnlyList<string?> SignatureChain,
    DateTimeOffset? LastTransferred
)
{
    /// <summary>What was found, as the data of the event that attests it; the row's own columns begin anew.</summary>
    internal string Data =>
        CanonicalJson.Of(
            JsonSerializer.Serialize(
                new
                {
                    legacySignature = Signature,
                    legacyChain = SignatureChain,
                    legacyLastTransferred = LastTransferred,
                }
            )
        );

    /// <summary>False when its own numbers have no spelling that could be signed.</summary>
    internal bool IsSignable => UniqueStats is null || FreeData.Problem(UniqueStats, int.MaxValue) is null;
}
