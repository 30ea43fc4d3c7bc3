using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>Who and what is there: players with their numbers, decks and cards, and those who read.</summary>
internal sealed class Cast(Wire wire, History history)
{
    public const string Grid = "/v1/summoners-grid";
    public const string TemplatePrefix = "proof-of-reads-";
    private const int SlotsCount = 8;

    private readonly List<ReadableThing> _things = [];
    private readonly List<Slot> _slots = [];
    private readonly List<Member> _members = [];

    public IReadOnlyList<ReadableThing> Things => _things;

    public IReadOnlyList<Slot> Slots => _slots;

    /// <summary>Players and those who read.</summary>
    public IReadOnlyList<Member> Members => _members;

    public string ServiceKey { get; private set; } = "";

    public async Task GatherAsync(string operatorCode, int players, CancellationToken cancellationToken)
    {
        var session = await DoneAsync(() => Wire.Message(HttpMethod.Post, "/v1/sessions", null, new { code = operatorCode }), cancellationToken);
        var operatorToken = session.Body.GetProperty("accessToken").GetString();
        var key = await DoneAsync(
            () => Wire.Message(HttpMethod.Post, "/v1/ops/service-keys", operatorToken, new { name = "proof", scopes = new[] { "mint", "report", "import", "operate" } }),
            cancellationToken);
        ServiceKey = key.Body.GetProperty("text").GetString()!;
        var templates = Enumerable.Range(0, Collection.Templates)
            .Select(i => new { id = Collection.Template(i), name = $"Proof of Reads {i}", type = "action", rarity = "common" }).ToArray();
        await DoneAsync(() => Wire.Message(HttpMethod.Post, $"{Grid}/card-templates/import", ServiceKey, templates), cancellationToken);
        for (var i = 0; i < players; i++)
            await WelcomeAsync(i, cancellationToken);
        for (var i = 0; i < SlotsCount; i++)
        {
            var reader = await JoinAsync($"proof-reader-{i}", cancellationToken);
            _slots.Add(new Slot(reader, wire, history, await Slot.OpenAsync(reader, wire, history, i, cancellationToken)));
        }
    }

    /// <summary>A new public deck at value 0.</summary>
    public async Task<DeckName> DeckAsync(Member owner, string key, CancellationToken cancellationToken)
    {
        var made = await DoneAsync(
            () => Wire.Message(
                HttpMethod.Post,
                $"{Grid}/decks",
                owner.Token,
                new { name = DeckName.Name(0), summonSlots = new Dictionary<string, Guid>(), mainDeck = Array.Empty<Guid>(), isPublic = true },
                key),
            cancellationToken);
        var id = made.Body.GetProperty("id").GetGuid();
        return new DeckName(history.Add(SubjectKind.Deck, id), id, owner);
    }

    private async Task WelcomeAsync(int number, CancellationToken cancellationToken)
    {
        var player = await JoinAsync($"proof-player-{number}", cancellationToken);
        // The first card is value 0; it also makes the player's row.
        await DoneAsync(
            () => Wire.Message(HttpMethod.Post, $"{Grid}/cards", ServiceKey, new { ownerId = player.Id, templateIds = new[] { Collection.Template(0) } }, $"first-card-{number}"),
            cancellationToken);
        _things.Add(new Numbers(history.Add(SubjectKind.Numbers, player.Id), player.Id, ServiceKey));
        _things.Add(await DeckAsync(player, $"deck-{number}", cancellationToken));
        _things.Add(new Collection(history.Add(SubjectKind.Cards, player.Id), player.Id, ServiceKey));
    }

    private async Task<Member> JoinAsync(string name, CancellationToken cancellationToken)
    {
        var member = new Member(name);
        await member.JoinAsync(wire, cancellationToken);
        _members.Add(member);
        return member;
    }

    private async Task<WireAnswer> DoneAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var answer = await wire.AnsweredAsync(make, 0, cancellationToken);
        if (answer.IsSuccess)
            return answer;
        using var message = make();
        throw new InvalidOperationException($"The set-up was refused {message.Method} {message.RequestUri}: {answer.Status} {answer.Body}.");
    }
}
