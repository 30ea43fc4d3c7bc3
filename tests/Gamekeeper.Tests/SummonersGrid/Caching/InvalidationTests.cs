using Gamekeeper.Accounts;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Ownership.Freezing;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

/// <summary>What a write makes old is dropped with its commit, not before, and nothing else is.</summary>
public sealed class InvalidationTests
{
    [Fact]
    public async Task A_transfer_drops_the_collections_of_both_owners_and_only_after_its_commit()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var card = (await grid.World.MintAsync(grid.A, 2))[0];
        await CollectionAsync(grid, grid.A);
        await CollectionAsync(grid, grid.B);

        await MoveAsync(
            grid,
            card,
            async () =>
            {
                (await grid.Process.RoundTripsAsync(async () => (await CollectionAsync(grid, grid.A)).ShouldContain(card))).ShouldBe(0);
                (await grid.Process.RoundTripsAsync(async () => (await CollectionAsync(grid, grid.B)).ShouldBeEmpty())).ShouldBe(0);
            },
            commits: true
        );

        (await CollectionAsync(grid, grid.A)).ShouldNotContain(card);
        (await CollectionAsync(grid, grid.B)).ShouldBe([card]);
    }

    [Fact]
    public async Task A_rolled_back_write_leaves_the_cache_as_it_was()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var card = (await grid.World.MintAsync(grid.A, 1))[0];
        await CollectionAsync(grid, grid.A);

        await MoveAsync(grid, card, () => Task.CompletedTask, commits: false);

        (await grid.Process.RoundTripsAsync(async () => (await CollectionAsync(grid, grid.A)).ShouldBe([card]))).ShouldBe(0);
    }

    [Fact]
    public async Task A_changed_profile_is_cached_again_before_anybody_asks()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var players = grid.Get<PlayerRepository>();
        await players.FindAsync(grid.A.Key);
        var account = (await grid.Get<AccountRepository>().PublicAsync([grid.A.Key]))[0];

        await grid.Get<PlayerProjection>().ApplyAsync(account with { DisplayName = "Renamed", Version = account.Version + 1 }, CancellationToken.None);

        (await grid.Process.RoundTripsAsync(async () => (await players.FindAsync(grid.A.Key))!.DisplayName.ShouldBe("Renamed"))).ShouldBe(0);
    }

    [Fact]
    public async Task Statistics_of_several_players_drop_what_is_cached_of_each()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var players = grid.Get<PlayerRepository>();
        foreach (var player in new[] { grid.A, grid.B })
            (await players.StatsAsync(player.Key), await players.FindAsync(player.Key)).Item1!.Player.Level.ShouldBe(1);

        await grid.Get<UpdateStats>().RunAsync(grid.World.Service, [new(grid.A.Key, Level: 5), new(grid.B.Key, Level: 6)], grid.World.NewKey());

        (await players.StatsAsync(grid.A.Key))!.Player.Level.ShouldBe(5);
        (await players.StatsAsync(grid.B.Key))!.Player.Level.ShouldBe(6);
        (await players.FindAsync(grid.A.Key))!.Level.ShouldBe(5);
        (await players.FindAsync(grid.B.Key))!.Level.ShouldBe(6);
    }

    [Fact]
    public async Task A_trade_through_its_life_is_seen_in_lists_collections_and_numbers_at_once()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var card = (await grid.World.MintAsync(grid.A, 1))[0];
        (await OpenAsync(grid, grid.A)).ShouldBeEmpty();
        (await OpenAsync(grid, grid.B)).ShouldBeEmpty();

        var trade = await grid.World.ProposeAsync(grid.A, grid.B, [card], []);
        (await OpenAsync(grid, grid.A)).ShouldBe([trade.Id]);
        (await OpenAsync(grid, grid.B)).ShouldBe([trade.Id]);
        (await NumbersAsync(grid, grid.A)).ShouldBe((1, 0));
        await CollectionAsync(grid, grid.B);

        (await grid.World.AcceptAsync(grid.B, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();

        (await OpenAsync(grid, grid.A)).ShouldBeEmpty();
        (await OpenAsync(grid, grid.B)).ShouldBeEmpty();
        (await NumbersAsync(grid, grid.A)).ShouldBe((0, 1));
        (await NumbersAsync(grid, grid.B)).ShouldBe((1, 1));
        (await CollectionAsync(grid, grid.B)).ShouldBe([card]);
    }

    [Fact]
    public async Task A_deck_that_a_card_leaves_is_dropped_with_the_card()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var deck = await Drafts.SavedAsync(grid.World, grid.A);
        var decks = grid.Get<DeckRepository>();
        (await decks.FindAsync(grid.A, deck.Id))!.IsValid.ShouldBeTrue();

        await grid.World.TransferAsync(deck.MainDeck[0], grid.A, grid.B);

        (await decks.FindAsync(grid.A, deck.Id))!.IsValid.ShouldBeFalse();
        await grid.Get<ChangeDeck>().MergeAsync(grid.A, deck.Id, new DeckChange(Name: "Other"));
        (await decks.FindAsync(grid.A, deck.Id))!.Name.ShouldBe("Other");
        await grid.Get<ChangeDeck>().DeleteAsync(grid.A, deck.Id);
        (await decks.FindAsync(grid.A, deck.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_finished_match_is_finished_for_whoever_looks_next_and_so_are_its_players()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var match = (await grid.Get<StartMatch>().RunAsync(grid.World.Service, new MatchStart("game-1", "ranked", grid.A.Key, grid.B.Key)))
            .ShouldBeOfType<StartMatchOutcome.Started>().Match;
        (await grid.Get<MatchRepository>().FindAsync(match.Id))!.Status.ShouldBe(MatchStatus.Active);
        (await grid.Get<PlayerRepository>().FindAsync(grid.A.Key))!.GamesWon.ShouldBe(0);

        await grid.Get<FinishMatch>().RunAsync(grid.World.Service, match.Id, new MatchReport(grid.A.Key), grid.World.NewKey());

        (await grid.Get<MatchRepository>().FindAsync(match.Id))!.WinnerId.ShouldBe(grid.A.Key);
        (await grid.Get<PlayerRepository>().FindAsync(grid.A.Key))!.GamesWon.ShouldBe(1);
    }

    [Fact]
    public async Task Four_keys_of_one_player_go_together_and_nobody_elses()
    {
        await using var grid = await CachedGrid.CreateAsync();
        foreach (var player in new[] { grid.A, grid.B })
        {
            (await grid.Get<PlayerCaches>().WarmAsync(player.Key)).ShouldBe(3);
            await OpenAsync(grid, player);
        }
        Held(grid, grid.A).ShouldBe(4);

        await grid.Get<PlayerCaches>().DropAsync(grid.A.Key);

        Held(grid, grid.A).ShouldBe(0);
        Held(grid, grid.B).ShouldBe(4);
    }

    [Fact]
    public async Task A_write_tells_what_it_made_old_and_no_more()
    {
        await using var world = await StandingStillAsync();
        var (a, b) = (await world.NewPlayerAsync(), await world.NewPlayerAsync());
        var cards = await world.MintAsync(a, 2);
        await ToldAsync(world);

        await world.Get<FreezeCards>().RunAsync(world.Service, [cards[1]], "suspected-dupe");
        (await ToldAsync(world)).ShouldBeEmpty();
        await world.TransferAsync(cards[0], a, b);
        (await ToldAsync(world)).ShouldBe([$"sg:stats:{{{a.Key}}}", $"sg:stats:{{{b.Key}}}", $"sg:user:collection:{{{a.Key}}}", $"sg:user:collection:{{{b.Key}}}"], ignoreOrder: true);
        var trade = await world.ProposeAsync(b, a, [cards[0]], []);
        (await ToldAsync(world)).ShouldBe([$"sg:trades:{{{a.Key}}}", $"sg:trades:{{{b.Key}}}"], ignoreOrder: true);
        await world.Get<CloseTrade>().DeclineAsync(a, trade.Id, "no", world.NewKey());
        (await ToldAsync(world)).ShouldBe([$"sg:trades:{{{a.Key}}}", $"sg:trades:{{{b.Key}}}"], ignoreOrder: true);
        await world.Get<CountTemplateUses>().RunAsync(CancellationToken.None);
        (await ToldAsync(world)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_thousand_new_cards_of_one_owner_are_told_in_one_row_of_two_keys()
    {
        await using var world = await StandingStillAsync();
        var owner = await world.NewPlayerAsync();
        await ToldAsync(world);

        await world.MintAsync(owner, 10_000);

        (await world.Database.ListAsync<string[]>(TestRole.Superuser, "select keys from summoners_grid.invalidations"))
            .ShouldHaveSingleItem()
            .ShouldBe([$"sg:user:collection:{{{owner.Key}}}", $"sg:stats:{{{owner.Key}}}"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_id_that_holds_what_separates_records_drops_everything_rather_than_something_else()
    {
        await using var grid = await CachedGrid.CreateAsync();
        await grid.Get<PlayerRepository>().FindAsync(grid.A.Key);
        await grid.World.Database.ExecuteAsync(
            TestRole.Superuser,
            "insert into summoners_grid.card_templates (id, name, type, rarity) values (E't\\x1e\\x1f', 'x', 'x', 'x')"
        );
        (await grid.Get<CardTemplateRepository>().FindAsync("t\x1e\x1f"))!.Name.ShouldBe("x");

        await grid.World.Database.Database.WriteAsync(
            Actor.System(TimeProvider.System),
            (unit, _) =>
            {
                unit.Enqueue(new RenameOddTemplate());
                return Task.CompletedTask;
            }
        );

        (await grid.Get<CardTemplateRepository>().FindAsync("t\x1e\x1f"))!.Name.ShouldBe("y");
    }

    private static async Task<IReadOnlyList<Guid>> CollectionAsync(CachedGrid grid, Actor owner) =>
    [
        .. (await grid.Get<CardRepository>().ByOwnerAsync(owner.Key, new PageRequest()))
            .ShouldBeOfType<PageOutcome<OwnedCard>.Given>()
            .Page.Items.Select(c => c.Card.Id),
    ];

    private static async Task<IReadOnlyList<Guid>> OpenAsync(CachedGrid grid, Actor player) =>
    [
        .. (await grid.Get<TradeRepository>().ByPlayerAsync(player.Key, TradeStatus.Pending, new PageRequest()))
            .ShouldBeOfType<PageOutcome<Trade>.Given>()
            .Page.Items.Select(t => t.Id),
    ];

    private static async Task<(long Cards, long Trades)> NumbersAsync(CachedGrid grid, Actor player) =>
        (await grid.Get<PlayerRepository>().StatsAsync(player.Key)) is { } stats ? (stats.CardsOwned, stats.TradesCompleted) : default;

    private static int Held(CachedGrid grid, Actor player) =>
        (grid.Process.Holds(SummonersGridCache.Profile, player.Key) ? 1 : 0)
        + (grid.Process.Holds(SummonersGridCache.Collection, player.Key) ? 1 : 0)
        + (grid.Process.Holds(SummonersGridCache.Stats, player.Key) ? 1 : 0)
        + (grid.Process.Holds(SummonersGridCache.Trades, player.Key) ? 1 : 0);

    /// <summary>On a clock that stands still nobody removes what was told before it is read here.</summary>
    private static Task<GridWorld> StandingStillAsync() => GridWorld.CreateAsync(clock: new ManualClock(TimeProvider.System.GetUtcNow()));

    private static Task<bool> MoveAsync(CachedGrid grid, Guid card, Func<Task> beforeTheEnd, bool commits) =>
        grid.World.Database.Database.WriteAsync(
            grid.World.Service,
            async (unit, ct) =>
            {
                await unit.ListAsync(new GiveCard(card, grid.B.Key), ct);
                await beforeTheEnd();
                return commits ? true : unit.Refuse(false);
            }
        );

    private static async Task<IReadOnlyList<string>> ToldAsync(GridWorld world)
    {
        var told = await world.Database.ListAsync<string[]>(TestRole.Superuser, "select keys from summoners_grid.invalidations order by id");
        await world.Database.ExecuteAsync(TestRole.Superuser, "delete from summoners_grid.invalidations");
        return [.. told.SelectMany(k => k)];
    }
}

file sealed record GiveCard(Guid Card, Guid To) : IQuery<GiveCard, Guid>
{
    public static string Sql => "update summoners_grid.card_instances set owner_id = $2 where id = $1 returning id";

    public void Bind(StatementParameters parameters) => parameters.Add(Card).Add(To);

    public static Guid Read(Npgsql.NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record RenameOddTemplate : IStatement<RenameOddTemplate>
{
    public static string Sql => """update summoners_grid.card_templates set name = 'y' where id = E't\x1e\x1f'""";

    public void Bind(StatementParameters parameters) { }
}
