using System.Text.Json;
using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Ownership.Import;
using Gamekeeper.SummonersGrid.Players.Import;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Importing;

/// <summary>What becomes of a studio's cards: owned as before, with a signed history that begins with the import.</summary>
public sealed class ImportCardsTests : IAsyncLifetime
{
    private const int Players = 200;

    private readonly string _players = Path.GetTempFileName();
    private readonly string _cards = Path.GetTempFileName();
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        StudioFiles.WritePlayers(_players, Players);
        await _world.Get<ImportPlayers>().RunAsync(System, await OpenAsync(_players), new(Studio), cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_players);
        File.Delete(_cards);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Good_cards_come_in_once_under_one_signature_a_chunk_and_bad_ones_are_named()
    {
        var bad = StudioFiles.WriteCards(_cards, 25_000, Players);

        var state = (await ImportAsync()).ShouldBeOfType<ImportOutcome.Finished>().State;

        (state.Lines, state.Taken, state.Refused).ShouldBe((25_000, 25_000 - bad.Count, bad.Count));
        var named = 0;
        await foreach (var refusal in _world.Get<ImportCards>().RefusalsAsync(Studio, Token))
        {
            named++;
            refusal.Member.ShouldBe(bad[refusal.Line].Member, $"line {refusal.Line}");
            refusal.Problem.ShouldContain(bad[refusal.Line].Reason, Case.Sensitive, $"line {refusal.Line}");
        }
        named.ShouldBe(bad.Count);
        (await ScalarAsync("select count(*) from summoners_grid.card_instances")).ShouldBe(25_000 - bad.Count);
        (await ScalarAsync("select count(*) from summoners_grid.ownership_operations where kind = 'import'")).ShouldBe(3);
        (await _world.BreachesAsync()).ShouldBeEmpty();
        (await ImportAsync()).ShouldBeOfType<ImportOutcome.Finished>().WasFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task A_card_keeps_where_it_came_from_and_moves_on_like_any_other()
    {
        await File.WriteAllTextAsync(
            _cards,
            $$"""
            {"id": "{{StudioFiles.Id(9)}}", "owner_external_id": "old-4", "template_id": "alpha-007", "unique_stats": {"attack": 3}, "acquired_method": "Booster Pack", "created_at": "2021-02-03T04:05:06.5Z", "signature": "old signature"}
            {"owner_username": "player6", "template_id": "alpha-008"}
            """,
            Token
        );
        await ImportAsync();

        var card = (await _world.Get<CardRepository>().FindAsync(StudioFiles.Id(9)))!.Card;
        (card.OwnerId, card.AcquiredMethod, card.CreatedAt).ShouldBe((StudioFiles.Id(4), "Booster Pack", new DateTimeOffset(2021, 2, 3, 4, 5, 6, 500, TimeSpan.Zero)));
        var verified = (await _world.Get<OwnershipHistory>().VerifyAsync(card.Id))!.Value;
        verified.Verdict.ShouldBe(new CardVerdict.Intact(1));
        var first = verified.History.Events.ShouldHaveSingleItem();
        (first.Method, first.NewOwnerId, verified.History.Operations.Values.Single().Kind).ShouldBe(("import", StudioFiles.Id(4), "import"));
        using var data = JsonDocument.Parse(first.Data!);
        data.RootElement.ToString().ShouldBe(
            """{"line": 1, "import": "studio", "createdAt": "2021-02-03T04:05:06.500000Z", "acquiredMethod": "Booster Pack", "legacySignature": "old signature"}"""
        );

        await _world.TransferAsync(card.Id, Actor.Player(StudioFiles.Id(4), _world.Database.Clock), Actor.Player(StudioFiles.Id(6), _world.Database.Clock));
        (await _world.Get<OwnershipHistory>().VerifyAsync(card.Id))!.Value.Verdict.ShouldBe(new CardVerdict.Intact(2));
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("acquired_method = 'pack_opening'")]
    [InlineData("created_at = created_at - interval '1 second'")]
    [InlineData("acquisition_data = acquisition_data || '{\"legacySignature\": \"another\"}'")]
    [InlineData("template_id = 'alpha-001'")]
    public async Task What_a_card_was_cannot_be_altered_unseen(string change)
    {
        StudioFiles.WriteCards(_cards, 10, Players);
        await ImportAsync();
        var card = await _world.Database.ScalarAsync<Guid>(TestRole.Superuser, "select id from summoners_grid.card_instances where created_at < '2024-01-01' limit 1");

        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"set session_replication_role = replica; update summoners_grid.card_instances set {change} where id = '{card}'"
        );

        (await _world.BreachesAsync()).ShouldContain(b => b.Breach.Key == card.ToString() || b.Breach.Finding.Contains(card.ToString()));
    }

    [Fact]
    public async Task A_dry_run_names_the_same_records_and_writes_nothing()
    {
        var bad = StudioFiles.WriteCards(_cards, 500, Players);

        var seen = (await _world.Get<ImportCards>().CheckAsync(System, await OpenAsync(_cards), new(Studio), cancellationToken: Token))
            .ShouldBeOfType<ImportOutcome.Checked>();

        seen.Refusals.Select(r => r.Line).ShouldBe(bad.Keys.Order());
        (await ScalarAsync("select count(*) from summoners_grid.card_instances")).ShouldBe(0);
        (await ScalarAsync("select count(*) from summoners_grid.imports where kind = 'summoners_grid.cards'")).ShouldBe(0);
    }

    [Fact]
    public async Task Neither_a_mint_nor_a_gift_can_call_itself_an_import()
    {
        var player = Actor.Player(StudioFiles.Id(4), _world.Database.Clock);

        var mint = await _world.Get<MintCards>().RunAsync(_world.Service, new MintOrder(player.Key, ["alpha-001"], "import"), _world.NewKey(), Token);

        mint.ShouldBeOfType<MintOutcome.Invalid>().Errors.ShouldHaveSingleItem().Field.ShouldBe("method");
        (await _world.Get<TransferCard>().RunAsync(_world.Service, Guid.CreateVersion7(), player.Key, player.Key, "import", _world.NewKey(), Token))
            .ShouldBeOfType<TransferCardOutcome.Invalid>();
    }

    private async Task<ImportOutcome> ImportAsync() =>
        await _world.Get<ImportCards>().RunAsync(System, await OpenAsync(_cards), new(Studio), cancellationToken: Token);

    private Actor System => Actor.System(_world.Database.Clock);

    private static Task<ImportFile> OpenAsync(string path) => ImportFile.OpenAsync(() => File.OpenRead(path), Token);

    private Task<long> ScalarAsync(string sql) => _world.Database.ScalarAsync<long>(TestRole.Superuser, sql);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ImportName Studio => ImportName.TryParse("studio", out var name) ? name : default;
}
