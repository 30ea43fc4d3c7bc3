using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>Who plays: the game with its service key, and players who have signed up over HTTP.</summary>
internal sealed class Cast(Sender sender, History history)
{
    private readonly ConcurrentDictionary<Guid, Person> _byId = new();
    private readonly List<Person> _first = [];

    /// <summary>The game itself: it mints, moves cards and verifies.</summary>
    public Person Game { get; } = new("the game", password: null);

    /// <summary>Everybody who ever joined.</summary>
    public IEnumerable<Person> Everybody => _byId.Values;

    /// <summary>Who asks for this.</summary>
    public Person AskerOf(Asked asked) =>
        asked switch
        {
            Asked.Transfer { By: { } by } => Of(by),
            Asked.Propose propose => Of(propose.By),
            Asked.Accept accept => Of(accept.By),
            Asked.Decline decline => Of(decline.By),
            Asked.Cancel cancel => Of(cancel.By),
            _ => Game,
        };

    /// <summary>A player of the start, by number.</summary>
    public Person Player(int number) => _first[number % _first.Count];

    /// <summary>The player of this account.</summary>
    public Person Of(Guid id) => _byId[id];

    /// <summary>A player of the start who is none of these; the numbers go round.</summary>
    public Person Other(int number, params ReadOnlySpan<Guid> than)
    {
        while (than.Contains(Player(number).Id))
            number++;
        return Player(number);
    }

    /// <summary>The game gets its key and its one template, and the first players sign up.</summary>
    public async Task GatherAsync(string operatorCode, CancellationToken cancellationToken)
    {
        var session = await sender.AnsweredAsync(() => Sender.Post("/v1/sessions", new { code = operatorCode }), cancellationToken);
        var operatorToken = Member(session, "accessToken");
        var key = await sender.AnsweredAsync(
            () => With(operatorToken, Sender.Post("/v1/ops/service-keys", new { name = "proof", scopes = new[] { "mint", "grant", "import", "operate" } })),
            cancellationToken);
        Game.Token = Member(key, "text");
        var imported = await sender.AnsweredAsync(
            () => With(Game.Token, Sender.Post($"{Spelling.Grid}/card-templates/import", new[] { Template() })), cancellationToken);
        if (imported is null)
            throw new InvalidOperationException("The proof's card template was refused; nothing can be minted.");
        await Task.WhenAll(Enumerable.Range(0, ProofPlan.Players).Select(i => JoinAsync($"proof-player-{i}", 1, cancellationToken)));
        _first.AddRange(_byId.Values.OrderBy(p => int.Parse(p.Name[(p.Name.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture)));
        if (_first.Count < ProofPlan.Players)
            throw new InvalidOperationException($"Only {_first.Count} of {ProofPlan.Players} players could sign up and in.");
    }

    /// <summary>Somebody signs up, and in; null when the account is not to be had.</summary>
    public async Task<Person?> JoinAsync(string name, int copies, CancellationToken cancellationToken)
    {
        var person = new Person(name, Spelling.PasswordOf(name));
        await sender.AskAsync(history.Ask(new Asked.SignUp(name)), person, copies, cancellationToken);
        // Also when it was refused: a sending that got no answer may have made the account, and then the name is taken.
        if (!await sender.SignInAsync(person, cancellationToken))
            return null;
        _byId[person.Id] = person;
        return person;
    }

    private static HttpRequestMessage With(string token, HttpRequestMessage message)
    {
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return message;
    }

    private static string Member(JsonElement? body, string name) =>
        body is { } answered ? answered.GetProperty(name).GetString()! : throw new InvalidOperationException($"The set-up was refused its {name}.");

    private static Dictionary<string, object?> Template() =>
        new() { ["id"] = Spelling.Template, ["name"] = "Proof of Ownership", ["type"] = "action", ["rarity"] = "common" };
}
