using System.Globalization;
using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Ownership.Import;

/// <summary>
/// How and when a card came into the world, as its first event says. A card from elsewhere is older than its first event here, which
/// keeps in its signed data what the card's row shows.
/// </summary>
internal readonly record struct CardOrigin(string Method, DateTimeOffset CreatedAt)
{
    public const string ImportMember = "import";
    public const string LineMember = "line";
    public const string MethodMember = "acquiredMethod";
    public const string CreatedMember = "createdAt";
    public const string SignatureMember = "legacySignature";

    private const string InstantForm = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static string Spell(DateTimeOffset instant) => instant.UtcDateTime.ToString(InstantForm, CultureInfo.InvariantCulture);

    /// <summary>From the first event of a card, whose hash was found right.</summary>
    public static CardOrigin Of(OwnershipEvent first)
    {
        if (first.Method != EventMethod.Import || first.Data is null)
            return new(first.Method, first.CreatedAt);
        using var data = JsonDocument.Parse(first.Data);
        var root = data.RootElement;
        return new(
            root.TryGetProperty(MethodMember, out var method) ? method.ToString() : first.Method,
            root.TryGetProperty(CreatedMember, out var created) && Read(created.ToString()) is { } instant ? instant : first.CreatedAt
        );
    }

    private static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParseExact(text, InstantForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
}
