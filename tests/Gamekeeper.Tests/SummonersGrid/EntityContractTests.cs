using Gamekeeper.Accounts;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;

namespace Gamekeeper.Tests.SummonersGrid;

/// <summary>
/// Each entity is made, found and changed by its verbs. What is history (players, templates, cards, trades) is never deleted: the
/// application's role has no right to.
/// </summary>
public sealed class EntityContractTests : IAsyncLifetime
{
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_player_is_made_found_and_follows_the_account()
    {
        var players = _world.Get<PlayerRepository>();
        var player = await _world.NewPlayerAsync();
        (await players.FindAsync(player.Key))!.DisplayName.ShouldNotBe("Renamed");
        var account = (await _world.Get<AccountRepository>().PublicAsync([player.Key]))[0];
        await _world.Get<PlayerProjection>().ApplyAsync(account with { DisplayName = "Renamed", Version = account.Version + 1 }, CancellationToken.None);
        (await players.FindAsync(player.Key))!.DisplayName.ShouldBe("Renamed");
        await _world.Get<PlayerProjection>().ApplyAsync(account with { DisplayName = "Older", Version = account.Version }, CancellationToken.None);
        (await players.FindAsync(player.Key))!.DisplayName.ShouldBe("Renamed");
        (await players.FindAsync(Guid.CreateVersion7())).ShouldBeNull();
        (await players.FindByUsernameAsync(account.Username))!.Id.ShouldBe(player.Key);
        (await players.FindByUsernameAsync(account.Username.ToUpperInvariant()))!.Id.ShouldBe(player.Key);
        (await players.FindByUsernameAsync(account.Username[..^1])).ShouldBeNull();
        await CannotDeleteAsync("users");
    }

    [Fact]
    public async Task A_template_is_made_found_and_changed_by_an_import()
    {
        var templates = _world.Get<CardTemplateRepository>();
        await ImportAsync("""{"id":"t-1","name":"First","type":"summon","rarity":"common"}""");
        (await templates.FindAsync("t-1"))!.Name.ShouldBe("First");
        await ImportAsync("""{"id":"t-1","name":"Second","type":"summon","rarity":"common"}""");
        (await templates.FindAsync("t-1"))!.Name.ShouldBe("Second");
        (await templates.FindAsync("t-2")).ShouldBeNull();
        await CannotDeleteAsync("card_templates");
    }

    [Fact]
    public async Task A_card_is_minted_found_with_its_template_and_handed_over()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var card = (await _world.MintAsync(a, 1))[0];
        (await _world.Get<CardRepository>().FindAsync(card))!.Template.Id.ShouldBe("alpha-001");
        await _world.TransferAsync(card, a, b);
        (await _world.OwnerOfAsync(card)).ShouldBe(b.Key);
        (await _world.Get<CardRepository>().FindAsync(Guid.CreateVersion7())).ShouldBeNull();
        await CannotDeleteAsync("card_instances");
        await CannotDeleteAsync("ownership_history");
    }

    [Fact]
    public async Task A_trade_is_proposed_found_and_ended()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var trade = await _world.ProposeAsync(a, b, await _world.MintAsync(a, 1), []);
        (await _world.Get<TradeRepository>().FindAsync(b, trade.Id))!.Status.ShouldBe(TradeStatus.Pending);
        await _world.Get<CloseTrade>().DeclineAsync(b, trade.Id, null, _world.NewKey());
        (await _world.Get<TradeRepository>().FindAsync(b, trade.Id))!.Status.ShouldBe(TradeStatus.Declined);
        await CannotDeleteAsync("trade_proposals");
    }

    [Fact]
    public async Task A_match_is_started_found_and_finished()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var started = await _world.Get<StartMatch>().RunAsync(_world.Service, new MatchStart("game-1", "ranked", a.Key, b.Key));
        var match = started.ShouldBeOfType<StartMatchOutcome.Started>().Match;
        (await _world.Get<MatchRepository>().FindAsync(match.Id))!.Status.ShouldBe(MatchStatus.Active);
        await _world.Get<FinishMatch>().RunAsync(_world.Service, match.Id, new MatchReport(b.Key), _world.NewKey());
        (await _world.Get<MatchRepository>().FindAsync(match.Id))!.WinnerId.ShouldBe(b.Key);
        await CannotDeleteAsync("game_sessions");
    }

    [Fact]
    public async Task A_deck_is_made_found_changed_and_deleted()
    {
        var (decks, change) = (_world.Get<DeckRepository>(), _world.Get<ChangeDeck>());
        var player = await _world.NewPlayerAsync();
        var draft = Drafts.Empty("First") with { MainDeck = await _world.MintAsync(player, 3) };
        var made = await Drafts.CreateAsync(_world, player, draft);
        (await decks.FindAsync(player, made.Id))!.MainDeck.Length.ShouldBe(3);
        (await change.MergeAsync(player, made.Id, new DeckChange("Second"))).ShouldBeOfType<SaveDeckOutcome.Saved>();
        (await decks.FindAsync(player, made.Id))!.Name.ShouldBe("Second");
        (await change.DeleteAsync(player, made.Id)).ShouldBeOfType<DeleteDeckOutcome.Deleted>();
        (await decks.FindAsync(player, made.Id)).ShouldBeNull();
        (await change.MergeAsync(player, made.Id, new DeckChange("Third"))).ShouldBeOfType<SaveDeckOutcome.Unknown>();
    }

    private async Task ImportAsync(string record)
    {
        await using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(record));
        (await _world.Get<ImportTemplates>().RunAsync(_world.Service, file)).ShouldBeOfType<ImportOutcome.Imported>();
    }

    private async Task CannotDeleteAsync(string table)
    {
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            _world.Database.ExecuteAsync(TestRole.App, $"delete from summoners_grid.{table}")
        );
        refused.SqlState.ShouldBe("42501");
    }
}
