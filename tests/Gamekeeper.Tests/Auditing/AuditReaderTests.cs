using Gamekeeper.Auditing;
using Gamekeeper.Paging;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Auditing;

public sealed class AuditReaderTests
{
    private static readonly CursorKey Key = new(new byte[CursorKey.Length]);
    private static readonly Guid Ana = new("01935b7c-0000-7000-8000-00000000000a");
    private static readonly Guid Ben = new("01935b7c-0000-7000-8000-00000000000b");

    [Fact]
    public async Task Walking_a_thousand_rows_of_equal_times_shows_each_once_while_others_are_inserted()
    {
        await using var db = await TestDatabase.CreateAsync();
        await InsertAsync(db, "core", rows: 500, each: "n / 100", user: Ana);
        await InsertAsync(db, "sample_game", rows: 500, each: "n / 100", user: Ana);
        var reader = new AuditReader(db.Database, Key);
        var size = new PageSize(37);

        var seen = new List<RecordChange>();
        string? cursor = null;
        do
        {
            var page = await FoundAsync(reader.ChangesAsync(new ChangeQuestion.ByActor(Ana), new AuditRange(), size, cursor));
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
            // Newer than everything: what was not there at the first page must not push old rows about.
            await db.ExecuteAsync(TestRole.Owner, $"insert into core.audit_log (table_name, record_id, action, user_id) values ('coins', 'new', 'INSERT', '{Ana}')");
        } while (cursor is not null);

        seen.Count.ShouldBe(1000);
        seen.Select(c => (c.Schema, c.Id)).Distinct().Count().ShouldBe(1000);
        seen.ShouldBe(seen.OrderByDescending(c => c.At).ThenByDescending(c => c.Id).ThenByDescending(c => c.Schema, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_history_of_one_row_is_that_of_no_other()
    {
        await using var db = await TestDatabase.CreateAsync();
        await InsertAsync(db, "core", rows: 20, each: "n", user: Ana);
        await InsertAsync(db, "sample_game", rows: 20, each: "n", user: Ben);
        var reader = new AuditReader(db.Database, Key);

        var page = await FoundAsync(reader.ChangesAsync(new ChangeQuestion.OfRecord("sample_game", "coins", "record-3"), new AuditRange(), default));

        page.Items.Count.ShouldBe(2);
        page.HasNext.ShouldBeFalse();
        page.Items.ShouldAllBe(c => c.Schema == "sample_game" && c.RecordId == "record-3" && c.ActorId == Ben && c.ActorKind == ActorKind.Player);
        page.Items[0].NewValues.ShouldBe("""{"n": 13}""");
        page.Items[0].OldValues.ShouldBeNull();
    }

    [Fact]
    public async Task A_range_includes_its_beginning_and_not_its_end()
    {
        await using var db = await TestDatabase.CreateAsync();
        await InsertAsync(db, "core", rows: 10, each: "n", user: Ana);
        var reader = new AuditReader(db.Database, Key);
        var times = (await FoundAsync(reader.ChangesAsync(new ChangeQuestion.ByActor(Ana), new AuditRange(), default))).Items.Select(c => c.At).Order().ToList();

        var range = new AuditRange(times[2], times[5]);
        (await FoundAsync(reader.ChangesAsync(new ChangeQuestion.InRange("INSERT"), range, default))).Items.Select(c => c.At).ShouldBe([times[4], times[3], times[2]]);
        (await FoundAsync(reader.ChangesAsync(new ChangeQuestion.InRange("DELETE"), range, default))).Items.ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => reader.ChangesAsync(new ChangeQuestion.InRange(), new AuditRange(times[2]), default));
        await Should.ThrowAsync<ArgumentException>(() => reader.ActivitiesAsync(new ActivityQuestion.InRange(), new AuditRange(), default));
    }

    [Fact]
    public async Task Activities_are_found_by_actor_and_by_verb_and_counted()
    {
        await using var db = await TestDatabase.CreateAsync();
        var ana = Actor.Player(Ana, db.Clock) with { IpAddress = System.Net.IPAddress.Parse("203.0.113.9"), UserAgent = "test" };
        await WriteAsync<CoreSchema>(db, ana, new Activity("session.open", "s1"));
        await WriteAsync<CoreSchema>(db, ana, new Activity("session.open", "s2", ErrorCode: "accounts.wrong-password", Details: """{"tries": 3}"""));
        await WriteAsync<SampleGameSchema>(db, ana, new Activity("trade.accept", "t1"));
        await WriteAsync<SampleGameSchema>(db, Actor.System(db.Clock), new Activity("trade.expire", "t2"));
        var reader = new AuditReader(db.Database, Key);
        var month = new AuditRange(db.Clock.GetUtcNow().AddDays(-1), db.Clock.GetUtcNow().AddDays(1));

        var byAna = await FoundAsync(reader.ActivitiesAsync(new ActivityQuestion.ByActor(Ana), new AuditRange(), default));
        byAna.Items.Select(a => a.Subject).ShouldBe(["t1", "s2", "s1"]);
        byAna.Items[0].ShouldSatisfyAllConditions(a => a.Schema.ShouldBe("sample_game"), a => a.IpAddress.ShouldBe("203.0.113.9"), a => a.UserAgent.ShouldBe("test"));
        byAna.Items[1].ShouldSatisfyAllConditions(
            a => a.Succeeded.ShouldBeFalse(),
            a => a.ErrorCode.ShouldBe("accounts.wrong-password"),
            a => a.Details.ShouldBe("""{"tries": 3}""")
        );
        (await FoundAsync(reader.ActivitiesAsync(new ActivityQuestion.ByAction("trade.expire"), new AuditRange(), default)))
            .Items.ShouldHaveSingleItem()
            .ActorKind.ShouldBe(ActorKind.System);
        (await FoundAsync(reader.ActivitiesAsync(new ActivityQuestion.InRange(), month, default))).Items.Count.ShouldBe(4);
        (await reader.StatisticsAsync(month)).ShouldBe([new("session.open", 1, 1), new("trade.accept", 1, 0), new("trade.expire", 1, 0)]);
    }

    [Fact]
    public async Task A_cursor_leads_on_only_in_its_own_list()
    {
        await using var db = await TestDatabase.CreateAsync();
        await InsertAsync(db, "core", rows: 10, each: "n", user: Ana);
        var reader = new AuditReader(db.Database, Key);
        var page = await FoundAsync(reader.ChangesAsync(new ChangeQuestion.ByActor(Ana), new AuditRange(), new PageSize(3)));

        var other = await reader.ChangesAsync(new ChangeQuestion.ByActor(Ben), new AuditRange(), new PageSize(3), page.NextCursor);
        var later = await reader.ChangesAsync(new ChangeQuestion.ByActor(Ana), new AuditRange(From: db.Clock.GetUtcNow()), new PageSize(3), page.NextCursor);
        var noCursor = await reader.ChangesAsync(new ChangeQuestion.ByActor(Ana), new AuditRange(), new PageSize(3), "no cursor");

        other.ShouldBeOfType<AuditReading<RecordChange>.CursorRefused>().Refusal.Code.ShouldBe("paging.cursor-other-question");
        later.ShouldBeOfType<AuditReading<RecordChange>.CursorRefused>().Refusal.Code.ShouldBe("paging.cursor-other-question");
        noCursor.ShouldBeOfType<AuditReading<RecordChange>.CursorRefused>().Refusal.Code.ShouldBe("paging.cursor-malformed");
    }

    /// <summary>With the plan that a prepared statement keeps, which does not know the values, as the application role.</summary>
    [Fact]
    public async Task Every_question_is_answered_by_an_index_and_a_range_reads_its_own_months_only()
    {
        await using var db = await TestDatabase.CreateAsync();
        await InsertAsync(db, "core", rows: 30_000, each: "n", user: Ana, every: 50);
        await InsertAsync(db, "sample_game", rows: 30_000, each: "n", user: Ben, every: 50);
        await db.ExecuteAsync(
            TestRole.Owner,
            """
            insert into core.activity_log (created_at, action, succeeded, actor_kind, request_id, user_id)
            select date_trunc('month', now()) + n * interval '1 second', 'verb-' || n % 500, true, 'player', gen_random_uuid(),
              ('01935b7c-0000-7000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid
            from generate_series(1, 30000) n
            """
        );
        await db.ExecuteAsync(TestRole.Owner, "analyze core.audit_log; analyze sample_game.audit_log; analyze core.activity_log");
        const string place = "now(), 9223372036854775807, 'z', date_trunc('month', now()), 51";

        var ofRecord = await PlanAsync(db, ChangesOfRecord.Sql, "timestamptz, bigint, text, timestamptz, int, text, text, text", place + ", 'core', 'coins', 'record-3'");
        var byActor = await PlanAsync(db, ChangesByActor.Sql, "timestamptz, bigint, text, timestamptz, int, uuid", $"{place}, '{Ana}'");
        var byAction = await PlanAsync(db, ActivitiesByAction.Sql, "timestamptz, bigint, text, timestamptz, int, text", place + ", 'verb-7'");
        var activitiesOf = await PlanAsync(db, ActivitiesByActor.Sql, "timestamptz, bigint, text, timestamptz, int, uuid", $"{place}, '01935b7c-0000-7000-8000-000000000007'");

        ofRecord.ShouldContain(l => l.Contains("table_name_record_id_created_at_idx"));
        byActor.ShouldContain(l => l.Contains("audit_log") && l.Contains("user_id_created_at_idx"));
        byAction.ShouldContain(l => l.Contains("action_created_at_idx"));
        activitiesOf.ShouldContain(l => l.Contains("activity_log") && l.Contains("user_id_created_at_idx"));
        foreach (var plan in new[] { ofRecord, byActor, byAction, activitiesOf })
        {
            plan.ShouldNotContain(l => l.Contains("Seq Scan on audit_log") && l.Contains("rows=3"), string.Join('\n', plan));
            // One month is asked for; the tables have five.
            plan.ShouldContain(l => l.Contains("Subplans Removed"), string.Join('\n', plan));
        }
    }

    private static async Task<IReadOnlyList<string>> PlanAsync(TestDatabase db, string sql, string types, string values)
    {
        await using var connection = await db.OpenAsync(TestRole.App);
        await using var prepare = new Npgsql.NpgsqlCommand($"set plan_cache_mode = force_generic_plan; prepare question ({types}) as {sql}", connection);
        await prepare.ExecuteNonQueryAsync();
        await using var explain = new Npgsql.NpgsqlCommand($"explain (costs off, analyze, timing off, summary off) execute question ({values})", connection);
        await using var reader = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }

    private static async Task<Page<T>> FoundAsync<T>(Task<AuditReading<T>> reading) => (await reading).ShouldBeOfType<AuditReading<T>.Found>().Page;

    private static Task WriteAsync<TSchema>(TestDatabase db, Actor actor, Activity activity)
        where TSchema : ISchemaOwner =>
        db.Database.WriteAsync(
            actor,
            (unit, _) =>
            {
                unit.Enqueue(new WriteActivity<TSchema>(actor, activity));
                return Task.CompletedTask;
            }
        );

    // Rows of this month, "each" of them a second apart; the ids of two schemas are the same on purpose.
    private static async Task InsertAsync(TestDatabase db, string schema, int rows, string each, Guid user, int every = 1) =>
        await db.ExecuteAsync(
            TestRole.Owner,
            $$"""
            insert into {{schema}}.audit_log (id, created_at, table_name, record_id, action, new_values, user_id, actor_kind, request_id)
            overriding system value
            select
              n, date_trunc('month', now()) + ({{each}}) * interval '1 second', 'coins', 'record-' || n % case when {{rows}} < 1000 then 10 else 1000 end,
              'INSERT', jsonb_build_object('n', n), case when n % {{every}} = 0 then '{{user}}'::uuid end, 'player', gen_random_uuid()
            from generate_series(1, {{rows}}) n
            """
        );
}

internal sealed class SampleGameSchema : ISchemaOwner
{
    private SampleGameSchema() { }

    public static string Schema => "sample_game";
}
