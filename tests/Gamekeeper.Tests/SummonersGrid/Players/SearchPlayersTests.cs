using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Players;

public sealed class SearchPlayersTests(SearchPlayersTests.Shared shared) : IClassFixture<SearchPlayersTests.Shared>
{
    [Theory]
    [InlineData("ALP", "dalphin")]
    [InlineData("alp", "dalphin")]
    [InlineData("  Alp ", "dalphin")]
    [InlineData("of the north", "king")]
    [InlineData("ÄRGER", "umlaut")]
    [InlineData("紅蓮の", "kanji")]
    public async Task A_part_of_either_name_finds_the_player_in_any_case(string text, string username) =>
        (await FindAsync(text)).ShouldBe([username]);

    [Theory]
    [InlineData("da", "dalphin")]
    [InlineData("KI", "king")]
    [InlineData("紅", "kanji")]
    [InlineData("_u", "_under_score")]
    [InlineData("t.c", "quoted")]
    public async Task What_is_too_short_for_a_trigram_has_to_stand_at_the_beginning(string text, string username) =>
        (await FindAsync(text)).ShouldBe([username]);

    [Fact]
    public async Task What_is_too_short_and_stands_in_the_middle_is_not_found() => (await FindAsync("lp")).ShouldBeEmpty();

    [Theory]
    [InlineData("%")]
    [InlineData("___")]
    [InlineData("dal%hin")]
    [InlineData("da_phin")]
    [InlineData("dalph\\in")]
    [InlineData("dalphin\\")]
    [InlineData("' or true --")]
    [InlineData("dalphin'; drop table summoners_grid.users cascade; --")]
    [InlineData("$1$2$3")]
    public async Task Wildcards_and_quotes_are_only_characters(string text)
    {
        (await FindAsync(text)).ShouldBeEmpty();
        await FindAsync(text, PlayerSearchMode.Words);
    }

    [Theory]
    [InlineData("100%_sure", "percent")]
    [InlineData("r_sco", "_under_score")]
    [InlineData("back\\sl", "quoted")]
    public async Task Names_with_wildcards_in_them_are_found_by_them(string text, string username) =>
        (await FindAsync(text)).ShouldBe([username]);

    [Fact]
    public async Task Thirty_matches_give_twenty_unless_asked_otherwise_and_those_that_begin_so_first()
    {
        var found = await FindAsync("crowd");
        found.Count.ShouldBe(20);
        found[0].ShouldBe("crowd", "the very name");
        found[1].ShouldStartWith("crowd");
        found.ShouldBeUnique();
        (await FindAsync("crowd", limit: 100)).Count.ShouldBe(30);
        (await FindAsync("crowd", limit: 1)).ShouldBe(["crowd"]);
    }

    [Fact]
    public async Task Of_more_matches_than_are_ranked_the_very_name_is_still_the_first() =>
        (await FindAsync("filler", limit: 3))[0].ShouldBe("filler");

    [Theory]
    [InlineData("north", "king")]
    [InlineData("king nor", "king")]
    [InlineData("NORTH the", "king")]
    [InlineData("the", "king")]
    [InlineData("dal", "dalphin")]
    public async Task Words_are_found_whole_and_the_last_one_by_its_beginning_and_no_word_is_too_common(string text, string username) =>
        (await FindAsync(text, PlayerSearchMode.Words)).ShouldBe([username]);

    [Theory]
    [InlineData("orth")]
    [InlineData("nor king")]
    [InlineData("king south")]
    [InlineData("!!! & | :*")]
    public async Task Words_that_do_not_all_stand_there_find_nobody(string text) => (await FindAsync(text, PlayerSearchMode.Words)).ShouldBeEmpty();

    [Fact]
    public async Task A_name_that_has_the_word_twice_comes_before_one_that_has_it_once() =>
        (await FindAsync("echo", PlayerSearchMode.Words)).ShouldBe(["echo", "narcissus"]);

    [Fact]
    public async Task Closed_accounts_are_not_found()
    {
        (await FindAsync("vanished")).ShouldBeEmpty();
        (await FindAsync("va")).ShouldBeEmpty();
        (await FindAsync("vanished", PlayerSearchMode.Words)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", 20, "search", "takes 1 to 100 characters; 0 were given")]
    [InlineData("  ", 20, "search", "takes 1 to 100 characters; 0 were given")]
    [InlineData("a\0b", 20, "search", "holds a character that no name has")]
    [InlineData("abc", 0, "limit", "takes a whole number from 1 to 100; 0 was given")]
    [InlineData("abc", 101, "limit", "takes a whole number from 1 to 100; 101 was given")]
    public async Task A_question_out_of_its_limits_names_the_limit(string text, int limit, string field, string problem)
    {
        var outcome = await shared.World.Get<SearchPlayers>().RunAsync(new PlayerQuestion(text, Limit: limit));
        outcome.ShouldBeOfType<SearchPlayersOutcome.Invalid>().Errors.ShouldBe([new FieldError(field, problem)]);
    }

    [Fact]
    public async Task The_longest_text_is_looked_for_and_one_character_more_is_refused()
    {
        (await FindAsync(new string('x', 100))).ShouldBeEmpty();
        (await shared.World.Get<SearchPlayers>().RunAsync(new PlayerQuestion(new string('x', 101)))).ShouldBeOfType<SearchPlayersOutcome.Invalid>();
    }

    [Fact]
    public async Task Half_a_character_is_refused_and_a_whole_one_is_looked_for()
    {
        (await shared.World.Get<SearchPlayers>().RunAsync(new PlayerQuestion("abc\ud83d"))).ShouldBeOfType<SearchPlayersOutcome.Invalid>();
        (await FindAsync("abc\ud83d\ude00")).ShouldBeEmpty();
    }

    [Fact]
    public void Only_public_columns_leave() =>
        typeof(PlayerSummary).GetProperties().Select(p => p.Name).ShouldBe(["Id", "Username", "DisplayName", "AvatarUrl", "Level", "Rating"], ignoreOrder: true);

    /// <summary>The plan of the statements as the application's role has them, both for one text and for any.</summary>
    [Theory]
    [InlineData("substring", "dalp", "idx_users_names_trigram")]
    [InlineData("substring", "filler", null)]
    [InlineData("beginning", "da", "idx_users_username_prefix")]
    [InlineData("beginning", "da", "idx_users_display_name_prefix")]
    [InlineData("words", "north", "idx_users_search_simple")]
    public async Task Among_two_hundred_thousand_players_the_index_is_used(string search, string text, string? index)
    {
        var (sql, pattern) = search switch
        {
            "substring" => (PlayersBySubstring.Sql, $", '%{text}%'"),
            "beginning" => (PlayersByBeginning.Sql, ""),
            _ => (PlayersByWords.Sql, ""),
        };
        var types = pattern.Length > 0 ? "text, int, text" : "text, int";
        foreach (var mode in new[] { "force_custom_plan", "force_generic_plan" })
        {
            await using var connection = await shared.World.Database.OpenAsync(TestRole.App);
            await using var command = connection.CreateCommand();
            command.CommandText = $"set plan_cache_mode = {mode}; prepare search ({types}) as {sql}";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            command.CommandText = $"explain execute search('{text}', 20{pattern})";
            var lines = new List<string>();
            await using (var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken))
                while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                    lines.Add(reader.GetString(0));
            var plan = string.Join('\n', lines);
            // A text that everyone's name holds is best answered from the table; the first matches end it.
            if (index is null && mode == "force_custom_plan")
                continue;
            plan.ShouldContain(index ?? "idx_users_names_trigram");
            plan.ShouldNotContain("Seq Scan", customMessage: mode);
        }
    }

    private async Task<IReadOnlyList<string>> FindAsync(
        string text,
        PlayerSearchMode mode = PlayerSearchMode.Substring,
        int limit = PlayerQuestion.DefaultLimit
    )
    {
        var outcome = await shared.World.Get<SearchPlayers>().RunAsync(new PlayerQuestion(text, mode, limit));
        return [.. outcome.ShouldBeOfType<SearchPlayersOutcome.Found>().Players.Select(p => p.Username)];
    }

    /// <summary>Two hundred thousand players whom nobody looks for, and a few whom the tests do.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal GridWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            World = await GridWorld.CreateAsync();
            await World.Database.ExecuteAsync(
                TestRole.Superuser,
                """
                set session_replication_role = replica;
                insert into summoners_grid.users (id, username, display_name, is_active)
                select gen_random_uuid(), username, display_name, username <> 'vanished'
                from (values
                  ('dalphin', 'Flipper'), ('king', 'King of the North'), ('umlaut', 'Kein ärger'), ('kanji', '紅蓮の弓矢'),
                  ('_under_score', null), ('percent', '100%_sure'), ('quoted', 'T.C. O''Hara back\slash'),
                  ('echo', 'Echo'), ('narcissus', 'Loves Echo'), ('vanished', 'Vanished'), ('crowd', null), ('filler', null)
                ) as looked_for (username, display_name);
                insert into summoners_grid.users (id, username, display_name)
                select gen_random_uuid(), case when i % 2 = 0 then 'crowd' || i else 'a' || i || 'crowd' end, null
                from generate_series(1, 29) i;
                insert into summoners_grid.users (id, username, display_name)
                select gen_random_uuid(), 'zz-filler' || i, 'Nobody ' || md5(i::text)
                from generate_series(1, 200000) i;
                analyze summoners_grid.users;
                """
            );
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
