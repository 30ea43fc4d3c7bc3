using System.Text.Json;
using System.Text.RegularExpressions;
using Gamekeeper.Importing;
using Gamekeeper.Integrity;
using Gamekeeper.SummonersGrid.Cards;

namespace Gamekeeper.SummonersGrid.Ownership.Import;

/// <summary>An owned card as another system knew it.</summary>
internal sealed partial record ImportedCard
{
    private const int MaxStatsBytes = 8192;
    private const int MaxSignatureLength = 512;

    public static IReadOnlyList<string> Members { get; } =
    [
        "id", "owner_id", "owner_username", "owner_external_id", "template_id", "unique_stats", "acquired_method", "created_at", "signature",
    ];

    public Guid? Id { get; init; }

    public Guid? OwnerId { get; init; }

    /// <summary>In lower case.</summary>
    public string? OwnerUsername { get; init; }

    public string? OwnerExternalId { get; init; }

    public required string TemplateId { get; init; }

    public string? UniqueStats { get; init; }

    public required string AcquiredMethod { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public string? Signature { get; init; }

    /// <summary>The member by which it names its owner.</summary>
    public string OwnerMember => OwnerId is not null ? "owner_id" : OwnerUsername is not null ? "owner_username" : "owner_external_id";

    public static ImportedCard Read(RecordReader record, DateTimeOffset now)
    {
        var card = new ImportedCard
        {
            Id = record.Id("id"),
            OwnerId = record.Id("owner_id"),
            OwnerUsername = record.Text("owner_username", 50)?.ToLowerInvariant(),
            OwnerExternalId = record.Text("owner_external_id", 100),
            TemplateId = record.Text("template_id", CardTemplate.MaxIdLength, required: true) ?? "",
            UniqueStats = record.Json("unique_stats"),
            AcquiredMethod = record.Text("acquired_method", 50) ?? EventMethod.Import,
            CreatedAt = record.Instant("created_at", now),
            Signature = record.Text("signature", MaxSignatureLength),
        };
        var owners = new object?[] { card.OwnerId, card.OwnerUsername, card.OwnerExternalId }.Count(o => o is not null);
        if (record.IsGood && owners != 1)
            record.Refuse(null, "takes one of owner_id, owner_username and owner_external_id");
        if (card.UniqueStats is { } stats && FreeData.Problem(stats, MaxStatsBytes) is not null)
            record.Refuse(
                "unique_stats",
                $"takes a JSON object of at most {MaxStatsBytes} bytes whose numbers are whole and of at most 15 digits, no member twice"
            );
        if (!MethodForm().IsMatch(card.AcquiredMethod))
            record.Refuse("acquired_method", "takes 1 to 50 letters (a to z), digits, spaces or any of . _ : -");
        return card;
    }

    /// <summary>What its first event says of where it came from; names the import and the line, never a person.</summary>
    public string Data(string import, long line)
    {
        var data = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            [CardOrigin.ImportMember] = import,
            [CardOrigin.LineMember] = line,
            [CardOrigin.MethodMember] = AcquiredMethod,
        };
        if (CreatedAt is { } created)
            data[CardOrigin.CreatedMember] = CardOrigin.Spell(created);
        if (Signature is { } signature)
            data[CardOrigin.SignatureMember] = signature;
        return CanonicalJson.Of(JsonSerializer.Serialize(data));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9 ._:\-]{1,50}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MethodForm();
}
