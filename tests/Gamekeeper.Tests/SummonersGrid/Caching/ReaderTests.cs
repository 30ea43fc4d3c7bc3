using Gamekeeper.Caching;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Leaderboards;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

/// <summary>Each cached object has a reader that fills and uses its key.</summary>
public sealed class ReaderTests
{
    [Fact]
    public async Task Each_object_is_asked_of_PostgreSQL_once()
    {
        await using var grid = await CachedGrid.CreateAsync();
        foreach (var (name, read, count) in await ReadersAsync(grid))
        {
            (await grid.Process.RoundTripsAsync(read)).ShouldBeGreaterThan(0, name);
            var before = count();
            (await grid.Process.RoundTripsAsync(read)).ShouldBe(0, name);
            (count().FirstLevel - before.FirstLevel).ShouldBe(1, name);
        }
    }

    [Fact]
    public async Task What_is_not_cached_asks_each_time()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var (players, cards) = (grid.Get<PlayerRepository>(), grid.Get<CardRepository>());
        var card = (await grid.World.MintAsync(grid.A, 1))[0];
        var name = (await players.FindAsync(grid.A.Key))!.Username;
        await cards.FindAsync(card);

        (await grid.Process.RoundTripsAsync(async () => await players.FindByUsernameAsync(name))).ShouldBe(1);
        (await grid.Process.RoundTripsAsync(async () => await players.FindByUsernameAsync(name))).ShouldBe(1);
        (await grid.Process.RoundTripsAsync(async () => await cards.FindAsync(card))).ShouldBe(1);
    }

    [Fact]
    public async Task What_does_not_exist_is_there_as_soon_as_it_does()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var account = (await grid.Get<Gamekeeper.Accounts.SignUp>().RunAsync(new("newcomer", null, null, null), Actor.System(TimeProvider.System)))
            .ShouldBeOfType<Gamekeeper.Accounts.SignUpOutcome.Created>().Account;
        (await grid.Get<PlayerRepository>().FindAsync(account.Id)).ShouldBeNull();
        (await grid.Get<CardRepository>().ByOwnerAsync(account.Id, new PageRequest())).ShouldBeOfType<PageOutcome<OwnedCard>.Given>().Page.Items.ShouldBeEmpty();

        await grid.World.MintAsync(Actor.Player(account.Id, TimeProvider.System), 2);

        (await grid.Get<PlayerRepository>().FindAsync(account.Id))!.Username.ShouldBe("newcomer");
        (await grid.Get<CardRepository>().ByOwnerAsync(account.Id, new PageRequest())).ShouldBeOfType<PageOutcome<OwnedCard>.Given>().Page.Items.Count.ShouldBe(2);
        (await grid.Get<PlayerRepository>().StatsAsync(account.Id))!.CardsOwned.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(199)]
    [InlineData(200)]
    public async Task A_walk_through_a_collection_shows_what_it_shows_without_a_cache(int size)
    {
        await using var grid = await CachedGrid.CreateAsync();
        // The first mints share a moment, so that the ids decide; and there are more cards than are cached.
        await grid.World.MintAsync(grid.A, size == 1 ? 30 : CardCollection.Most + 70);
        await grid.World.MintAsync(grid.A, 3);
        await using var plain = grid.World.Database.SecondProcess();

        var walked = await WalkAsync(grid.Get<CardRepository>(), grid.A, size);

        walked.ShouldBe(await WalkAsync((CardRepository)plain.GetService(typeof(CardRepository))!, grid.A, size));
    }

    [Fact]
    public async Task Pages_behind_what_is_cached_come_from_PostgreSQL_and_those_before_do_not()
    {
        await using var grid = await CachedGrid.CreateAsync();
        await grid.World.MintAsync(grid.A, CardCollection.Most + 200);
        var cards = grid.Get<CardRepository>();
        await cards.ByOwnerAsync(grid.A.Key, new PageRequest(new PageSize(200)));
        var (cursor, asked) = ((string?)null, new List<long>());
        do
        {
            asked.Add(
                await grid.Process.RoundTripsAsync(async () =>
                    cursor = (await cards.ByOwnerAsync(grid.A.Key, new PageRequest(new PageSize(200), cursor)))
                        .ShouldBeOfType<PageOutcome<OwnedCard>.Given>().Page.NextCursor)
            );
        } while (cursor is not null);

        asked.ShouldBe([0, 0, 1, 1]);
    }

    [Fact]
    public async Task A_collection_shows_a_template_as_it_was_last_imported()
    {
        await using var grid = await CachedGrid.CreateAsync();
        await grid.World.MintAsync(grid.A, 1);
        (await NamesAsync(grid)).ShouldNotBe(["Renamed"]);

        await ImportAsync(grid, """{"id":"alpha-001","name":"Renamed","type":"summon","rarity":"common"}""");

        (await NamesAsync(grid)).ShouldBe(["Renamed"]);
        (await grid.Get<CardTemplateRepository>().FindAsync("alpha-001"))!.Name.ShouldBe("Renamed");
    }

    [Fact]
    public async Task An_import_that_changes_nothing_is_answered_once_what_it_found_is_told()
    {
        await using var grid = await CachedGrid.CreateAsync();
        const string record = """{"id":"alpha-001","name":"Again","type":"summon","rarity":"common"}""";
        await ImportAsync(grid, record);
        await grid.World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.card_templates set name = 'Other' where id = 'alpha-001'");
        await Soon.TrueAsync(async () => (await grid.Get<CardTemplateRepository>().FindAsync("alpha-001"))!.Name == "Other", "told by the relay");

        // Committed, and nobody told: a writer that died then.
        await grid.World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.card_templates set name = 'Again' where id = 'alpha-001'");
        await ImportAsync(grid, record);

        (await grid.Get<CardTemplateRepository>().FindAsync("alpha-001"))!.Name.ShouldBe("Again");
    }

    [Fact]
    public async Task A_card_whose_template_nobody_was_told_of_yet_is_shown_with_it()
    {
        await using var grid = await CachedGrid.CreateAsync();
        await grid.World.MintAsync(grid.A, 1);
        await NamesAsync(grid);
        // As between an import's commit and its acknowledgement: the version that is cached does not count any more, and nobody knows.
        await grid.World.Database.ExecuteAsync(TestRole.Superuser, "alter table summoners_grid.catalogue_version disable trigger catalogue_version_invalidate_update");
        await ImportAsync(grid, """{"id":"new-1","name":"New","type":"summon","rarity":"common"}""");
        (await grid.Get<MintCards>().RunAsync(grid.World.Service, new MintOrder(grid.A.Key, ["new-1"]), grid.World.NewKey())).ShouldBeOfType<MintOutcome.Minted>();

        (await NamesAsync(grid)).ShouldContain("New");
    }

    [Fact]
    public async Task A_cached_deck_is_seen_by_whom_row_security_would_let_see_it()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var decks = grid.Get<DeckRepository>();
        foreach (var isPublic in new[] { false, true })
        {
            var deck = await Drafts.CreateAsync(grid.World, grid.A, Drafts.Empty() with { IsPublic = isPublic });
            foreach (var actor in new[] { grid.A, grid.B, grid.World.Service, Actor.System(TimeProvider.System) })
            {
                var seen = await decks.FindAsync(actor, deck.Id);
                var allowed = await grid.World.Database.Database.FirstAsync(new FindDeck(deck.Id), ReadConsistency.Strong, actor);
                (seen is null).ShouldBe(allowed is null, $"{actor.Kind} {isPublic}");
            }
        }
    }

    [Fact]
    public async Task Nobody_can_change_a_cached_deck_by_writing_into_its_arrays()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var deck = await Drafts.SavedAsync(grid.World, grid.A);
        var decks = grid.Get<DeckRepository>();
        (await decks.FindAsync(grid.A, deck.Id))!.MainDeck[0] = Guid.Empty;

        (await decks.FindAsync(grid.A, deck.Id))!.MainDeck.ShouldBe(deck.MainDeck);
    }

    private static async Task<IReadOnlyList<(string Name, Func<Task> Read, Func<CacheCounts> Counts)>> ReadersAsync(CachedGrid grid)
    {
        var deck = await Drafts.SavedAsync(grid.World, grid.A, isPublic: true);
        await grid.World.ProposeAsync(grid.A, grid.B, deck.MainDeck[..1], []);
        var match = (await grid.Get<StartMatch>().RunAsync(grid.World.Service, new MatchStart("game-1", "ranked", grid.A.Key, grid.B.Key)))
            .ShouldBeOfType<StartMatchOutcome.Started>().Match;
        var process = grid.Process;
        return
        [
            ("profile", () => grid.Get<PlayerRepository>().FindAsync(grid.A.Key), () => process.Counts(SummonersGridCache.Profile)),
            ("stats", () => grid.Get<PlayerRepository>().StatsAsync(grid.A.Key), () => process.Counts(SummonersGridCache.Stats)),
            ("collection", () => grid.Get<CardRepository>().ByOwnerAsync(grid.A.Key, new PageRequest()), () => process.Counts(SummonersGridCache.Collection)),
            ("template", () => grid.Get<CardTemplateRepository>().FindAsync("alpha-001"), () => process.Counts(SummonersGridCache.Template)),
            ("deck", () => grid.Get<DeckRepository>().FindAsync(grid.A, deck.Id), () => process.Counts(SummonersGridCache.Deck)),
            ("public decks", () => grid.Get<DeckRepository>().PublicAsync(grid.B, new PageRequest()), () => process.Counts(SummonersGridCache.DeckList)),
            ("trades", () => grid.Get<TradeRepository>().ByPlayerAsync(grid.B.Key, TradeStatus.Pending, new PageRequest()), () => process.Counts(SummonersGridCache.Trades)),
            ("game", () => grid.Get<MatchRepository>().FindAsync(match.Id), () => process.Counts(SummonersGridCache.Game)),
            ("rating", () => grid.Get<LeaderboardRepository>().TopAsync(LeaderboardType.Rating), () => process.Counts(SummonersGridCache.Leaderboard)),
            ("wins", () => grid.Get<LeaderboardRepository>().TopAsync(LeaderboardType.Wins), () => process.Counts(SummonersGridCache.Leaderboard)),
        ];
    }

    private static async Task<IReadOnlyList<(Guid, string, int)>> WalkAsync(CardRepository cards, Actor owner, int size)
    {
        var (walked, cursor) = (new List<(Guid, string, int)>(), (string?)null);
        do
        {
            var page = (await cards.ByOwnerAsync(owner.Key, new PageRequest(new PageSize(size), cursor))).ShouldBeOfType<PageOutcome<OwnedCard>.Given>().Page;
            walked.AddRange(page.Items.Select((c, i) => (c.Card.Id, c.Template.Name, i)));
            cursor = page.NextCursor;
        } while (cursor is not null);
        return walked;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(CachedGrid grid) =>
    [
        .. (await grid.Get<CardRepository>().ByOwnerAsync(grid.A.Key, new PageRequest()))
            .ShouldBeOfType<PageOutcome<OwnedCard>.Given>()
            .Page.Items.Select(c => c.Template.Name),
    ];

    private static async Task ImportAsync(CachedGrid grid, string record)
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(record));
        (await grid.Get<Gamekeeper.SummonersGrid.Cards.Import.ImportTemplates>().RunAsync(Actor.System(TimeProvider.System), file, keepUnknown: false))
            .ShouldBeOfType<Gamekeeper.SummonersGrid.Cards.Import.ImportOutcome.Imported>();
    }
}
