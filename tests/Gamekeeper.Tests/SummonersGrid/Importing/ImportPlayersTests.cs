using Gamekeeper.Accounts;
using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Players.Import;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Importing;

/// <summary>What becomes of a studio's players: all good ones once, all bad ones named, and nothing told that is not to be told.</summary>
public sealed class ImportPlayersTests : IAsyncLifetime
{
    private readonly string _file = Path.GetTempFileName();
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Good_records_come_in_once_and_bad_ones_are_named_without_their_values()
    {
        var bad = StudioFiles.WritePlayers(_file, 5000);

        var done = (await ImportAsync()).ShouldBeOfType<ImportOutcome.Finished>();

        done.WasFinished.ShouldBeFalse();
        (done.State.Lines, done.State.Taken, done.State.Refused).ShouldBe((5000, 4950, 50));
        var refusals = await RefusalsAsync();
        refusals.Select(r => r.Line).ShouldBe(bad.Keys.Order());
        foreach (var refusal in refusals)
        {
            refusal.Member.ShouldBe(bad[refusal.Line].Member, $"line {refusal.Line}");
            refusal.Problem.ShouldContain(bad[refusal.Line].Reason, Case.Sensitive, $"line {refusal.Line}");
        }
        string.Concat(refusals.Select(r => r.ToString())).ShouldNotContain("jane.doe");
        (await ScalarAsync("select count(*) from core.accounts")).ShouldBe(4950);
        (await ScalarAsync("select count(*) from summoners_grid.users")).ShouldBe(4950);
        (await ScalarAsync("select count(*) from core.account_keys")).ShouldBe(4950);
        (await ScalarAsync("select count(*) from core.email_hashes")).ShouldBe(4950);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_player_is_what_the_record_says()
    {
        StudioFiles.WritePlayers(_file, 2100);
        await ImportAsync();

        var player = (await _world.Get<PlayerRepository>().FindAsync(StudioFiles.Id(2100)))!;
        (player.Username, player.DisplayName).ShouldBe(("player2100", "Spieler 2100 ✓"));
        (player.Level, player.Experience, player.Rating, player.PeakRating, player.TotalGames, player.GamesWon).ShouldBe((31, 21000, 2100, 2110, 2100, 1050));
        player.CreatedAt.ShouldBe(new DateTimeOffset(2022, 3, 4, 3, 6, 7, TimeSpan.Zero));
        // Frozen and closed there, frozen and closed here.
        player.FrozenAt.ShouldNotBeNull();
        player.IsActive.ShouldBeFalse();
        var account = (await _world.Get<AccountRepository>().FindAsync(player.Id, Actor.System(_world.Database.Clock)))!;
        account.Email!.Value.Value.ShouldBe("player2100@example.com");
        (account.EmailVerified, account.FrozenReason, account.IsActive).ShouldBe((true, "chargeback", false));
        account.CreatedAt.ShouldBe(player.CreatedAt);
        (await ScalarAsync("select count(*) from core.accounts where id::text like '________-____-7%'")).ShouldBe(2079);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_another_under_its_name_is_refused()
    {
        StudioFiles.WritePlayers(_file, 300);
        await ImportAsync();
        var before = await ScalarAsync("select count(*) from core.audit_log");

        (await ImportAsync()).ShouldBeOfType<ImportOutcome.Finished>().WasFinished.ShouldBeTrue();
        (await ScalarAsync("select count(*) from core.audit_log")).ShouldBe(before);

        await File.AppendAllTextAsync(_file, "{\"username\": \"late\"}\n", TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<GamekeeperException>(() => ImportAsync())).Code.ShouldBe("imports.other-file");
        // Under another name every record clashes with itself, and nothing is overwritten.
        await _world.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.users set level = 77");
        var again = (await ImportAsync("again")).ShouldBeOfType<ImportOutcome.Finished>();
        (again.State.Taken, again.State.Refused).ShouldBe((1, 300));
        (await ScalarAsync("select count(*) from summoners_grid.users where level <> 77")).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_player_won_between_the_two_halves_is_not_lost()
    {
        await File.WriteAllTextAsync(
            _file,
            """
            {"username": "early", "level": 9, "experience": 1000000000, "rating": 1500, "peak_rating": 1600, "total_games": 1000000000, "games_won": 400}
            {"username": "champion", "rating": 5000, "peak_rating": 5000}
            {"username": "eternal", "total_games": 1000000001}
            {"username": "when", "created_at": "01/02/2024 10:00:00Z"}
            """,
            Token
        );
        await ImportAsync();
        (await RefusalsAsync()).Select(r => (r.Line, r.Member)).ShouldBe([(3L, "total_games"), (4L, "created_at")]);
        // As it stands when the import died between its halves: the game's knows nothing, and they signed in and played.
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            "delete from summoners_grid.imports; update summoners_grid.users set level = 1, experience = 50, rating = 1016, peak_rating = 1016, total_games = 2, games_won = 1"
        );

        await ImportAsync();

        var found = await _world.Database.ListAsync<string>(
            TestRole.Superuser,
            "select concat_ws(' ', username, level, experience, rating, peak_rating, total_games, games_won) from summoners_grid.users order by username"
        );
        found.ShouldBe(["champion 1 50 5000 5000 2 1", "early 9 1000000050 1516 1600 1000000002 401"]);
    }

    [Fact]
    public async Task A_dry_run_names_the_same_records_and_writes_nothing()
    {
        var bad = StudioFiles.WritePlayers(_file, 2500);
        var file = await OpenAsync();

        var seen = (await _world.Get<ImportPlayers>().CheckAsync(Actor.System(_world.Database.Clock), file, new(Name("studio")), cancellationToken: Token))
            .ShouldBeOfType<ImportOutcome.Checked>();

        (seen.Good, seen.Refused, seen.IsWhole).ShouldBe((2475, 25, true));
        seen.Refusals.Select(r => r.Line).ShouldBe(bad.Keys.Order());
        seen.Refusals.Select(r => r.Member).ShouldBe(bad.OrderBy(b => b.Key).Select(b => b.Value.Member));
        foreach (var table in new[] { "core.accounts", "core.imports", "core.import_refusals", "summoners_grid.users", "summoners_grid.imports" })
            (await ScalarAsync($"select count(*) from {table}")).ShouldBe(0, table);
    }

    [Fact]
    public async Task Too_many_bad_records_stop_it_before_the_chunk_and_more_patience_goes_on_from_there()
    {
        StudioFiles.WritePlayers(_file, 5000);

        var stopped = (await ImportAsync(maxRefused: 30)).ShouldBeOfType<ImportOutcome.TooManyRefused>();

        (stopped.State.Lines, stopped.State.Taken, stopped.State.Refused).ShouldBe((2000, 1980, 20));
        stopped.Refusals.Count.ShouldBe(20);
        (await ScalarAsync("select count(*) from core.accounts")).ShouldBe(1980);
        var done = (await ImportAsync()).ShouldBeOfType<ImportOutcome.Finished>();
        (done.State.Taken, done.State.Refused).ShouldBe((4950, 50));
    }

    [Fact]
    public async Task No_secret_and_no_address_stands_anywhere_in_clear()
    {
        StudioFiles.WritePlayers(_file, 300);
        await ImportAsync();

        foreach (var schema in new[] { "core", "summoners_grid" })
        {
            var tables = await _world.Database.ListAsync<string>(
                TestRole.Superuser,
                $"select quote_ident(relname) from pg_class where relnamespace = '{schema}'::regnamespace and relkind = 'r'"
            );
            foreach (var table in tables)
            {
                var found = await ScalarAsync($"select count(*) from {schema}.{table} t where t::text like '%@example.com%' or t::text like '%$2a$%'");
                // The one place where a hash of another maker stands until its owner signs in.
                found.ShouldBe(table == "accounts" ? 297 : 0, $"{schema}.{table}");
            }
        }
        (await ScalarAsync("select count(*) from core.accounts where email_ciphertext is null or encode(email_ciphertext, 'escape') like '%@%example%'")).ShouldBe(0);
    }

    private async Task<ImportOutcome> ImportAsync(string name = "studio", int maxRefused = 10_000) =>
        await _world.Get<ImportPlayers>().RunAsync(Actor.System(_world.Database.Clock), await OpenAsync(), new(Name(name), maxRefused), cancellationToken: Token);

    private Task<ImportFile> OpenAsync() => ImportFile.OpenAsync(() => File.OpenRead(_file), Token);

    private async Task<List<ImportRefusal>> RefusalsAsync()
    {
        var refusals = new List<ImportRefusal>();
        await foreach (var refusal in _world.Get<ImportPlayers>().RefusalsAsync(Name("studio"), Token))
            refusals.Add(refusal);
        return refusals;
    }

    private Task<long> ScalarAsync(string sql) => _world.Database.ScalarAsync<long>(TestRole.Superuser, sql);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ImportName Name(string text) => ImportName.TryParse(text, out var name) ? name : throw new ArgumentException(text, nameof(text));
}

/// <summary>Progress that is told at once and not some time later.</summary>
internal sealed class Told(Action<long> told) : IProgress<long>
{
    public void Report(long value) => told(value);
}
