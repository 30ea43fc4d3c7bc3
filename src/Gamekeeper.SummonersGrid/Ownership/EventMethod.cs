using System.Text.RegularExpressions;
using Gamekeeper.SummonersGrid.Ownership.Import;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>How a card came or moved: a word that stands in its public, signed history. Some words are ours alone.</summary>
internal static partial class EventMethod
{
    /// <summary>A player hands a card over.</summary>
    public const string Gift = "gift";

    /// <summary>Both sides of an accepted trade.</summary>
    public const string Trade = "trade";

    /// <summary>From a pack.</summary>
    public const string PackOpening = "pack_opening";

    /// <summary>A card from elsewhere is vouched for; see <see cref="AttestLegacySignatures"/>.</summary>
    public const string Attestation = "attestation";

    /// <summary>It was there before us and came with its studio; see <see cref="CardOrigin"/>.</summary>
    public const string Import = "import";

    /// <summary>Goes back to who is entitled to it; see docs/concepts/lineage.md.</summary>
    public const string Compensation = "compensation";

    /// <summary>Words that would lie about a transfer.</summary>
    public static readonly IReadOnlyList<string> NotATransfer = [Trade, PackOpening, Attestation, Import, Compensation];

    /// <summary>Words that would lie about a mint.</summary>
    public static readonly IReadOnlyList<string> NotAMint = [Trade, Gift, Attestation, Import, Compensation];

    /// <summary>What is wrong with a word; null when nothing is.</summary>
    public static string? Problem(string method, IReadOnlyList<string> reserved) =>
        !Form().IsMatch(method) ? "takes 1 to 50 characters of a-z, 0-9, _ and -"
        : reserved.Contains(method) ? $"cannot be {string.Join(", ", reserved)}: those words are kept for what they say"
        : null;

    [GeneratedRegex(@"\A[a-z0-9_-]{1,50}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
