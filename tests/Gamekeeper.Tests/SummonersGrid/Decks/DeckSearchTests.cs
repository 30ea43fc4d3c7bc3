using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Decks;

public sealed class DeckSearchTests : IAsyncLifetime
{
    private GridWorld _world = null!;
    private DeckSearch _search = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        _search = _world.Get<DeckSearch>();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Public_decks_are_found_by_card_and_by_template_and_private_ones_never()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var shown = await Drafts.SavedAsync(_world, a, isPublic: true);
        var hidden = await Drafts.SavedAsync(_world, b);
        var card = shown.Summons()["slot1"];

        (await FoundAsync($$$"""{"slot1": {"card": "{{{card}}}"}}""")).ShouldBe([shown.Id]);
        (await FoundAsync($$$"""{"slot2": {"card": "{{{card}}}"}}""")).ShouldBeEmpty();
        (await FoundAsync($$$"""{"slot1": {"card": "{{{hidden.Summons()["slot1"]}}}"}}""")).ShouldBeEmpty();
        // Both lead with the first summon of the set.
        (await FoundAsync("""{"slot1": {"template": "alpha-001"}}""")).ShouldBe([shown.Id]);
        // No wildcards, and no parts of a value.
        (await FoundAsync("""{"slot1": {"template": "alpha-%"}}""")).ShouldBeEmpty();
        (await FoundAsync("""{"slot1": {"template": "alpha"}}""")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_leads_to_the_next_and_a_cursor_stays_with_its_question()
    {
        var a = await _world.NewPlayerAsync();
        var decks = new List<Guid>();
        for (var i = 0; i < 5; i++)
            decks.Add((await Drafts.SavedAsync(_world, a, isPublic: true)).Id);
        const string lead = """{"slot1": {"template": "alpha-001"}}""";

        var first = (await _search.ContainingAsync(lead, new PageRequest(new PageSize(3)))).ShouldBeOfType<DeckSearchOutcome.Found>().Page;
        var second = (await _search.ContainingAsync(lead, new PageRequest(new PageSize(3), first.NextCursor))).ShouldBeOfType<DeckSearchOutcome.Found>().Page;

        first.Items.Concat(second.Items).Select(d => d.Id).ShouldBe(Enumerable.Reverse(decks));
        second.HasNext.ShouldBeFalse();
        (await _search.ContainingAsync("""{"slot2": {"template": "alpha-001"}}""", new PageRequest(new PageSize(3), first.NextCursor)))
            .ShouldBeOfType<DeckSearchOutcome.Refused>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"slot1\"")]
    [InlineData("""{"slot1": {}}""")]
    [InlineData("""{"slot1": 1}""")]
    [InlineData("""{"slot1": null}""")]
    [InlineData("""{"slot1": "a", "slot1": "b"}""")]
    [InlineData("""{"slot1": "\u0000"}""")]
    [InlineData("""{"slot1": "\ud800"}""")]
    [InlineData("""{"\ud800": "a"}""")]
    [InlineData("""{"a": {"b": {"c": {"d": {"e": "f"}}}}}""")]
    public async Task What_is_no_document_to_search_for_is_refused(string text) =>
        (await _search.ContainingAsync(text, new PageRequest())).ShouldBeOfType<DeckSearchOutcome.Invalid>().Errors.ShouldHaveSingleItem().Field.ShouldBe("containing");

    [Fact]
    public async Task A_document_that_is_too_long_is_refused() =>
        (await _search.ContainingAsync($$"""{"slot1": "{{new string('a', 1000)}}"}""", new PageRequest())).ShouldBeOfType<DeckSearchOutcome.Invalid>();

    [Fact]
    public async Task Among_many_decks_the_search_reads_the_index_of_summons()
    {
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            """
            set session_replication_role = replica;
            insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck, is_public, updated_at)
            select gen_random_uuid(), 'Deck ' || i, jsonb_build_object('slot1', jsonb_build_object('template', 'template-' || i % 2000)),
                   '{}', '{}', i % 2 = 0, now() - i * interval '1 second'
            from generate_series(1, 40000) i;
            analyze summoners_grid.decks;
            """
        );
        // The text that the function runs, with the values that it is planned with.
        const string asked = """
            explain select * from summoners_grid.decks
            where is_public and summon_slots @> '{"slot1": {"template": "template-78"}}' and (null::timestamptz is null or (updated_at, id) < (null, null))
            order by updated_at desc, id desc limit 51
            """;

        await using var connection = await _world.Database.OpenAsync(TestRole.Superuser);
        (await ExplainAsync("set role gamekeeper_search")).ShouldContain("Bitmap Index Scan on idx_decks_summon_slots");
        // Under the application's own policies no such index can be used: that is why there is a function.
        (await ExplainAsync("set role gamekeeper_app")).ShouldNotContain("idx_decks_summon_slots");
        (await FoundAsync("""{"slot1": {"template": "template-78"}}""")).Count.ShouldBe(20);

        async Task<string> ExplainAsync(string role)
        {
            await using (var become = new Npgsql.NpgsqlCommand(role, connection))
                await become.ExecuteNonQueryAsync();
            await using var command = new Npgsql.NpgsqlCommand(asked, connection);
            await using var reader = await command.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
            await reader.CloseAsync();
            await using var reset = new Npgsql.NpgsqlCommand("reset role", connection);
            await reset.ExecuteNonQueryAsync();
            return string.Join('\n', plan);
        }
    }

    [Fact]
    public async Task Nobody_but_the_application_may_search()
    {
        foreach (var role in new[] { TestRole.Auditor, TestRole.Readonly })
            (await Should.ThrowAsync<Npgsql.PostgresException>(() =>
                _world.Database.ExecuteAsync(role, "select summoners_grid.search_decks('{}', null, null, 1)")
            )).SqlState.ShouldBe(Npgsql.PostgresErrorCodes.InsufficientPrivilege);
    }

    private async Task<IReadOnlyList<Guid>> FoundAsync(string slots) =>
        [
            .. (await _search.ContainingAsync(slots, new PageRequest())).ShouldBeOfType<DeckSearchOutcome.Found>().Page.Items.Select(d => d.Id),
        ];
}
