using System.Text.Json;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.SummonersGrid.Matches;

public sealed class MatchLifecycleTests : TwoPlayers
{
    [Fact]
    public async Task A_match_begins_active_and_is_found_by_id_and_name()
    {
        var match = await StartAsync();
        (match.Status, match.Format, match.WinnerId, match.EndTime, match.RatingChanges.Count).ShouldBe((MatchStatus.Active, "3v3", null, null, 0));
        var matches = World.Get<MatchRepository>();
        (await matches.FindAsync(match.Id)).ShouldBeEquivalentTo(match);
        (await matches.FindByGameAsync(match.GameId)).ShouldBeEquivalentTo(match);
        (await matches.FindAsync(Guid.CreateVersion7())).ShouldBeNull();
        (await NumbersAsync(A)).ShouldBe((0, 0, 1000, 1000));
    }

    [Fact]
    public async Task Starting_it_again_gives_the_match_that_is_there_and_another_one_of_its_name_is_refused()
    {
        var start = NewStart();
        var verb = World.Get<StartMatch>();
        var first = (await verb.RunAsync(World.Service, start)).ShouldBeOfType<StartMatchOutcome.Started>();
        var again = (await verb.RunAsync(World.Service, start)).ShouldBeOfType<StartMatchOutcome.Started>();
        (first.IsReplay, again.IsReplay, again.Match.Id).ShouldBe((false, true, first.Match.Id));
        (await verb.RunAsync(World.Service, start with { GameMode = "casual" })).ShouldBeOfType<StartMatchOutcome.GameIdTaken>();
        (await verb.RunAsync(World.Service, start with { PlayerAId = B.Key, PlayerBId = A.Key })).ShouldBeOfType<StartMatchOutcome.GameIdTaken>();
    }

    [Fact]
    public async Task A_match_that_is_started_many_times_at_once_is_one()
    {
        for (var round = 0; round < 5; round++)
        {
            var start = NewStart();
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => World.Get<StartMatch>().RunAsync(World.Service, start)));
            outcomes.Cast<StartMatchOutcome.Started>().Count(o => !o.IsReplay).ShouldBe(1);
            outcomes.Cast<StartMatchOutcome.Started>().Select(o => o.Match.Id).Distinct().ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task A_win_counts_for_both_and_moves_points_from_one_to_the_other()
    {
        var started = await StartAsync();
        var match = (await FinishAsync(started, winner: A)).ShouldBeOfType<EndMatchOutcome.Ended>().Match;
        (match.Status, match.WinnerId).ShouldBe((MatchStatus.Completed, A.Key));
        match.RatingChanges.ShouldBe([new RatingChange(A.Key, 1000, 1016), new RatingChange(B.Key, 1000, 984)]);
        match.DurationSeconds.ShouldBe((int)(match.EndTime!.Value - match.StartTime).TotalSeconds);
        (await NumbersAsync(A)).ShouldBe((1, 1, 1016, 1016));
        (await NumbersAsync(B)).ShouldBe((1, 0, 984, 1000), "the best rating so far never falls");
        (await World.Get<MatchRepository>().FindAsync(match.Id)).ShouldBeEquivalentTo(match);
    }

    [Fact]
    public async Task A_draw_counts_for_both_and_is_won_by_nobody()
    {
        await PlayAsync(winner: A);
        var match = await PlayAsync(winner: null);
        match.WinnerId.ShouldBeNull();
        match.RatingChanges.Select(c => c.Change).ShouldBe([-1, 1]);
        (await NumbersAsync(A)).ShouldBe((2, 1, 1015, 1016));
        (await NumbersAsync(B)).ShouldBe((2, 0, 985, 1000));
    }

    [Fact]
    public async Task A_second_finish_is_refused_and_the_same_request_again_gives_the_same_answer()
    {
        var match = await StartAsync();
        var (verb, key, report) = (World.Get<FinishMatch>(), World.NewKey(), new MatchReport(A.Key));
        var first = (await verb.RunAsync(World.Service, match.Id, report, key)).ShouldBeOfType<EndMatchOutcome.Ended>();
        var replay = (await verb.RunAsync(World.Service, match.Id, report, key)).ShouldBeOfType<EndMatchOutcome.Ended>();
        (first.IsReplay, replay.IsReplay).ShouldBe((false, true));
        replay.Match.ShouldBeEquivalentTo(first.Match);
        (await verb.RunAsync(World.Service, match.Id, report with { WinnerId = B.Key }, key)).ShouldBeOfType<EndMatchOutcome.KeyReused>();
        (await FinishAsync(match, winner: B)).ShouldBe(new EndMatchOutcome.NotActive(MatchStatus.Completed));
        (await AbandonAsync(match)).ShouldBe(new EndMatchOutcome.NotActive(MatchStatus.Completed));
        (await NumbersAsync(A)).ShouldBe((1, 1, 1016, 1016));
        (await World.Database.ListAsync<string>(TestRole.App, "select action || ' ' || coalesce(error_code, 'ok') from summoners_grid.activity_log where action like 'match.%' order by id"))
            .ShouldBe(["match.start ok", "match.finish ok", "match.finish matches.ended", "match.abandon matches.ended"]);
    }

    [Fact]
    public async Task An_abandoned_match_counts_for_nobody_and_stays_so()
    {
        var match = await StartAsync();
        var ended = (await AbandonAsync(match)).ShouldBeOfType<EndMatchOutcome.Ended>().Match;
        (ended.Status, ended.WinnerId, ended.RatingChanges.Count).ShouldBe((MatchStatus.Abandoned, null, 0));
        ended.EndTime.ShouldNotBeNull();
        (await World.Get<MatchRepository>().FindAsync(match.Id)).ShouldBeEquivalentTo(ended);
        (await FinishAsync(match, winner: A)).ShouldBe(new EndMatchOutcome.NotActive(MatchStatus.Abandoned));
        (await NumbersAsync(A)).ShouldBe((0, 0, 1000, 1000));
    }

    [Fact]
    public async Task Two_reports_of_one_match_at_once_count_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var match = await StartAsync();
            var outcomes = await Task.WhenAll(FinishAsync(match, winner: A), FinishAsync(match, winner: B), AbandonAsync(match));
            outcomes.Count(o => o is EndMatchOutcome.Ended).ShouldBe(1);
            outcomes.Count(o => o is EndMatchOutcome.NotActive).ShouldBe(2);
        }
        var completed = await World.Database.ScalarAsync<long>(TestRole.App, "select count(*) from summoners_grid.game_sessions where status = 'completed'");
        var ((total, wonByA, ratingOfA, _), (totalOfB, wonByB, ratingOfB, _)) = (await NumbersAsync(A), await NumbersAsync(B));
        ((long)total, (long)totalOfB, (long)wonByA + wonByB).ShouldBe((completed, completed, completed));
        (ratingOfA + ratingOfB).ShouldBe(2000);
    }

    [Fact]
    public async Task Many_matches_of_one_player_that_end_at_once_are_all_counted()
    {
        Actor[] others = [B, .. await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => World.NewPlayerAsync()))];
        var matches = new List<Match>();
        for (var i = 0; i < 24; i++)
            matches.Add(i % 2 == 0 ? await StartAsync(A, others[i % others.Length]) : await StartAsync(others[i % others.Length], A));
        var outcomes = await Task.WhenAll(matches.Select((m, i) => FinishAsync(m, winner: i % 3 == 0 ? A : null)));
        outcomes.ShouldAllBe(o => o is EndMatchOutcome.Ended);
        var (total, won, _, _) = await NumbersAsync(A);
        (total, won).ShouldBe((24, 8));
        // Each match read what the one before it had left.
        var steps = outcomes.Cast<EndMatchOutcome.Ended>().Select(o => o.Match.RatingChanges.Single(c => c.Player == A.Key)).ToList();
        (1000 + steps.Sum(s => s.Change)).ShouldBe((await NumbersAsync(A)).Rating);
    }

    [Fact]
    public async Task A_rating_stays_between_its_ends_and_the_match_says_what_it_really_did()
    {
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set rating = case when id = '{A.Key}' then 4990 else 5 end, peak_rating = 4995");
        var upset = await PlayAsync(winner: B);
        upset.RatingChanges.ShouldBe([new RatingChange(A.Key, 4990, 4958), new RatingChange(B.Key, 5, 37)]);
        await World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.users set rating = 5");
        var even = await PlayAsync(winner: A);
        even.RatingChanges.ShouldBe([new RatingChange(A.Key, 5, 21), new RatingChange(B.Key, 5, 0)]);
        (await NumbersAsync(A)).Peak.ShouldBe(4995);
    }

    [Fact]
    public async Task A_match_starts_and_finishes_in_two_round_trips_each()
    {
        await using var counted = await GridWorld.CreateAsync(new TestDatabaseOptions(CountRoundTrips: true));
        var (a, b) = (await counted.NewPlayerAsync(), await counted.NewPlayerAsync());
        List<long> turns = [];
        for (var i = 0; i < 3; i++)
        {
            Match match = null!;
            turns.Add(await counted.Database.RoundTrips.MeasureAsync(async () => match = await StartAsync(i)));
            turns.Add(
                await counted.Database.RoundTrips.MeasureAsync(() =>
                    counted.Get<FinishMatch>().RunAsync(counted.Service, match.Id, new MatchReport(a.Key, TemplateIds: ["alpha-001"]), counted.NewKey())
                )
            );
        }
        // The first ones prepare statements and load the catalogue.
        turns[^2..].ShouldBe([2, 2]);

        async Task<Match> StartAsync(int i) =>
            (await counted.Get<StartMatch>().RunAsync(counted.Service, new MatchStart($"counted-{i}", "ranked", a.Key, b.Key)))
                .ShouldBeOfType<StartMatchOutcome.Started>().Match;
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_changes_nothing()
    {
        var start = World.Get<StartMatch>();
        (await start.RunAsync(World.Service, new MatchStart(" ", "", A.Key, A.Key, "a\nb"))).ShouldBeOfType<StartMatchOutcome.Invalid>()
            .Errors.Select(e => e.Field).ShouldBe(["gameId", "gameMode", "format", "playerBId"]);
        (await start.RunAsync(World.Service, NewStart() with { GameId = new string('x', 101) })).ShouldBeOfType<StartMatchOutcome.Invalid>();
        (await start.RunAsync(World.Service, NewStart() with { GameId = new string('x', 100) })).ShouldBeOfType<StartMatchOutcome.Started>();
        var nobody = Guid.CreateVersion7();
        (await start.RunAsync(World.Service, NewStart() with { PlayerBId = nobody })).ShouldBe(new StartMatchOutcome.UnknownPlayer(nobody));

        var match = await StartAsync();
        (await FinishAsync(match, winner: await World.NewPlayerAsync())).ShouldBeOfType<EndMatchOutcome.Invalid>().Errors[0].Field.ShouldBe("winnerId");
        foreach (var (report, field) in new (MatchReport, string)[]
        {
            (new(A.Key, EndedAt: match.StartTime.AddSeconds(-1)), "endedAt"),
            (new(A.Key, EndedAt: match.StartTime.AddHours(1)), "endedAt"),
            (new(A.Key, Data: "{"), "data"),
            (new(A.Key, Data: "\"\\u0000\""), "data"),
            (new(A.Key, Data: """{"\u0000": 1}"""), "data"),
            (new(A.Key, Data: """["\ud83d"]"""), "data"),
            (new(A.Key, Data: """{"\udc00\ud83d": 1}"""), "data"),
            (new(A.Key, Data: "[1e400]"), "data"),
            (new(A.Key, Data: "[-1e1000000]"), "data"),
            (new(A.Key, Data: "[0e-99999999999]"), "data"),
            (new(A.Key, Data: $"[1.{new string('3', 20_000)}]"), "data"),
            (new(A.Key, Data: $"\"{new string('x', Match.MaxDataBytes)}\""), "data"),
            (new(A.Key, TemplateIds: ["alpha-001", "beta-001"]), "templateIds[1]"),
            (new(A.Key, TemplateIds: [.. Enumerable.Repeat("alpha-001", 201)]), "templateIds"),
        })
        {
            var refused = await World.Get<FinishMatch>().RunAsync(World.Service, match.Id, report, World.NewKey());
            refused.ShouldBeOfType<EndMatchOutcome.Invalid>().Errors.ShouldHaveSingleItem().Field.ShouldBe(field);
        }
        (await World.Get<FinishMatch>().RunAsync(World.Service, nobody, new MatchReport(null), World.NewKey())).ShouldBeOfType<EndMatchOutcome.Unknown>();
        (await World.Get<MatchRepository>().FindAsync(match.Id)).ShouldBeEquivalentTo(match);
        (await NumbersAsync(A)).ShouldBe((0, 0, 1000, 1000));
    }

    [Theory]
    [InlineData("""["\\u0000 is how it is written"]""")]
    [InlineData("""["\ud83d\ude00", 1e308, 5E-308, -0.5e+3, null]""")]
    [InlineData("null")]
    public async Task Data_at_the_limits_of_what_can_be_kept_is_kept(string data)
    {
        var match = await StartAsync();
        (await World.Get<FinishMatch>().RunAsync(World.Service, match.Id, new MatchReport(A.Key, Data: data), World.NewKey())).ShouldBeOfType<EndMatchOutcome.Ended>();
        var kept = await World.Get<MatchRepository>().FindDataAsync(match.Id);
        JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(kept!), JsonSerializer.Deserialize<JsonElement>(data)).ShouldBeTrue(kept);
    }

    [Fact]
    public async Task Totals_that_can_grow_no_further_stop_and_the_match_still_finishes()
    {
        await World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.users set total_games = 2147483647, games_won = 2147483647");
        await PlayAsync(winner: A);
        (await NumbersAsync(A)).ShouldBe((int.MaxValue, int.MaxValue, 1016, 1016));
        (await NumbersAsync(B)).ShouldBe((int.MaxValue, int.MaxValue, 984, 1000));
    }

    [Fact]
    public async Task A_closed_account_starts_no_match_and_a_frozen_one_may_play()
    {
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set frozen_at = now() where id = '{A.Key}'");
        await StartAsync();
        await World.Database.ExecuteAsync(TestRole.Superuser, $"update summoners_grid.users set is_active = false where id = '{B.Key}'");
        (await World.Get<StartMatch>().RunAsync(World.Service, NewStart())).ShouldBe(new StartMatchOutcome.UnknownPlayer(B.Key));
    }

    [Fact]
    public async Task An_end_may_be_reported_later_and_keeps_its_own_time_and_data()
    {
        var match = await StartAsync();
        await World.Database.ExecuteAsync(TestRole.Superuser, "update summoners_grid.game_sessions set start_time = start_time - interval '1 hour'");
        var end = match.StartTime.AddMinutes(-30);
        var report = new MatchReport(B.Key, end, """{"replay": [1.5, {"turn": 2}]}""");
        var ended = (await World.Get<FinishMatch>().RunAsync(World.Service, match.Id, report, World.NewKey())).ShouldBeOfType<EndMatchOutcome.Ended>().Match;
        (ended.EndTime, ended.DurationSeconds).ShouldBe((end, 1800));
        (await World.Get<MatchRepository>().FindDataAsync(match.Id)).ShouldBe("""{"replay": [1.5, {"turn": 2}]}""");
        (await World.Database.ScalarAsync<string>(TestRole.Superuser, "select attcompression::text from pg_attribute where attrelid = 'summoners_grid.game_sessions'::regclass and attname = 'game_data'"))
            .ShouldBe("l", "lz4");
    }

    [Fact]
    public async Task A_match_is_audited_without_its_data_and_told_in_order()
    {
        var match = await StartAsync();
        await World.Get<FinishMatch>().RunAsync(World.Service, match.Id, new MatchReport(A.Key, Data: """{"secret": "state"}"""), World.NewKey());
        var images = await World.Database.ListAsync<string>(
            TestRole.Auditor,
            $"select coalesce(old_values::text, '') || new_values::text from summoners_grid.audit_log where table_name = 'game_sessions' and record_id = '{match.Id}' order by id"
        );
        images.Count.ShouldBe(2);
        images.ShouldAllBe(i => !i.Contains("state\"") && !i.Contains("game_data"));
        images[1].ShouldContain("completed");
        (await World.Database.ListAsync<string>(TestRole.App, $"select topic || ' ' || version from summoners_grid.outbox where subject = '{match.Id}' order by id"))
            .ShouldBe(["match.started 1", "match.completed 2"]);
    }

    [Fact]
    public async Task A_player_writes_no_match_whatever_way()
    {
        var match = await StartAsync();
        foreach (var attempt in new Func<Task>[]
        {
            () => World.Get<StartMatch>().RunAsync(A, NewStart()),
            () => World.Get<FinishMatch>().RunAsync(A, match.Id, new MatchReport(A.Key), World.NewKey()),
            () => World.Get<AbandonMatch>().RunAsync(A, match.Id, null, World.NewKey()),
        })
            (await Should.ThrowAsync<PostgresException>(attempt)).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await World.Get<MatchRepository>().FindAsync(match.Id)).ShouldBeEquivalentTo(match);
        (await NumbersAsync(A)).ShouldBe((0, 0, 1000, 1000));
    }

    private Task<EndMatchOutcome> AbandonAsync(Match match) => World.Get<AbandonMatch>().RunAsync(World.Service, match.Id, null, World.NewKey());
}
