using System.Reflection;
using System.Text.RegularExpressions;
using Gamekeeper.Operations.Monitoring;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Transactions;

/// <summary>
/// Every named statement of the core and the games, found by reflection, planned as the application role on a million cards: no
/// sequential scan of a large table. Generic plans, as prepared statements get them, so that no lucky value helps.
/// </summary>
public sealed partial class StatementPlanTests(StatementPlanTests.MillionRows million) : IClassFixture<StatementPlanTests.MillionRows>
{
    private const int Large = 10_000;

    /// <summary>Reads whole tables on purpose, each with its reason.</summary>
    private static readonly Dictionary<string, string> ReadsEverything = new(StringComparer.Ordinal)
    {
        ["ReadAllChains"] = "verify walks every card's history",
        ["ReadAllOperations"] = "verify checks every signature",
        ["FindBrokenTrades"] = "verify checks every completed trade",
        ["FindUnplanned"] = "verify looks for every compensating operation",
        ["FindDeviating"] = "verify checks every compensation",
    };

    public static TheoryData<string> Statements() => [.. AllStatements().Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task No_statement_scans_a_large_table(string name)
    {
        var statement = AllStatements().Single(s => s.Name == name);
        Assert.SkipWhen(ReadsEverything.TryGetValue(ShortName(name), out var reason), $"{name}: {reason}");
        var plan = await million.ExplainAsync(statement.Sql);
        var scanned = SequentialScan().Matches(plan).Select(m => m.Groups["table"].Value).Where(million.IsLarge).Distinct().ToList();
        scanned.ShouldBeEmpty($"{name} scans {string.Join(", ", scanned)}:\n{plan}");
    }

    [Fact]
    public async Task A_query_without_an_index_is_caught()
    {
        var plan = await million.ExplainAsync("select id from summoners_grid.card_instances where acquired_method = $1");
        SequentialScan().Matches(plan).Select(m => m.Groups["table"].Value).ShouldContain(t => million.IsLarge(t));
    }

    // Prepared or not, many dupes or one: the planner must not prefer reading the whole history once a step.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_step_of_a_lineage_is_taken_by_index_however_many_events_it_starts_from(bool isWide)
    {
        var walk = AllStatements().Single(s => ShortName(s.Name) == "WalkLineage").Sql;
        var many = "(select array_agg(id) from (select id from summoners_grid.ownership_history limit 8000) h)";
        var plan = await million.ExplainOnceAsync(walk, many, isWide ? "true" : "false", "50001");
        plan.ShouldContain("Recursive Union");
        plan.ShouldNotContain("Merge Join");
        plan.ShouldNotContain("idx_ownership_history_new_owner");
        SequentialScan().Matches(plan).Select(m => m.Groups["table"].Value).ShouldNotContain(t => million.IsLarge(t), plan);
    }

    // Each side comes in the order of its index, and a page is their beginning: nothing is sorted, whatever stands behind it.
    [Theory]
    [InlineData("ListFriends", "idx_friendships_requester", "idx_friendships_addressee")]
    [InlineData("ListBlocked", "idx_friendships_requester_blocks", "idx_friendships_addressee_blocks")]
    public async Task A_list_among_friends_merges_the_two_sides_of_a_player(string name, string asked, string asking)
    {
        var plan = await million.ExplainAsync(AllStatements().Single(s => s.Name.Contains($".{name}`1", StringComparison.Ordinal)).Sql);
        plan.ShouldContain("Merge Append");
        plan.ShouldContain($"Index Scan using {asked} ");
        plan.ShouldContain($"Index Scan using {asking} ");
        plan.ShouldNotContain("->  Sort", Case.Sensitive, plan);
    }

    [Fact]
    public void The_statements_are_found() => AllStatements().Count.ShouldBeGreaterThan(60);

    private static string ShortName(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static List<(string Name, string Sql)> AllStatements() =>
        [
            .. new[] { typeof(GameDatabase).Assembly, typeof(SummonersGridModule).Assembly, typeof(AnalyzeSlowQueries).Assembly }
                .SelectMany(a => a.GetTypes())
                .Where(t => t is { IsInterface: false, IsAbstract: false } && t.GetInterfaces().Any(IsStatement))
                .Select(t => t.IsGenericTypeDefinition ? t.MakeGenericType(typeof(SummonersGridModule)) : t)
                .Select(t => (t.FullName!.Replace('+', '.'), (string)t.GetProperty("Sql", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!))
                .DistinctBy(s => s.Item1)
                .OrderBy(s => s.Item1, StringComparer.Ordinal),
        ];

    private static bool IsStatement(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IStatement<>);

    [GeneratedRegex(@"Seq Scan on (?:\w+\.)?(?<table>\w+)")]
    private static partial Regex SequentialScan();

    /// <summary>A million cards and what belongs to them, written past the verbs: plans ask for numbers, not for signatures.</summary>
    public sealed class MillionRows : IAsyncLifetime
    {
        private readonly HashSet<string> _large = new(StringComparer.Ordinal);
        private GridWorld _world = null!;

        public bool IsLarge(string table) => _large.Contains(table);

        public async ValueTask InitializeAsync()
        {
            _world = await GridWorld.CreateAsync();
            await using var connection = await _world.Database.OpenAsync(TestRole.Superuser);
            await using (var command = new NpgsqlCommand(await ReadFillAsync(), connection) { CommandTimeout = 300 })
                await command.ExecuteNonQueryAsync();
            await using var sizes = new NpgsqlCommand(
                $"select relname::text from pg_class where relkind in ('r', 'p') and reltuples >= {Large} and relnamespace in ('core'::regnamespace, 'summoners_grid'::regnamespace)",
                connection
            );
            await using var reader = await sizes.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                _large.Add(reader.GetString(0));
            _large.ShouldContain("card_instances");
            _large.ShouldContain("ownership_history");
            _large.ShouldContain("trade_proposals");
            _large.ShouldContain("accounts");
            _large.ShouldContain("decks");
            _large.ShouldContain("friendships");
        }

        public async ValueTask DisposeAsync() => await _world.DisposeAsync();

        public async Task<string> ExplainAsync(string sql)
        {
            await using var connection = await _world.Database.OpenAsync(TestRole.App);
            await using var transaction = await connection.BeginTransactionAsync();
            var parameters = Parameter().Matches(sql).Select(m => int.Parse(m.Groups[1].Value)).DefaultIfEmpty(0).Max();
            var values = parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("null", parameters))})";
            await ExecuteAsync("set local plan_cache_mode = force_generic_plan");
            await ExecuteAsync($"prepare named as {sql}");
            await using var explain = new NpgsqlCommand($"explain execute named{values}", connection);
            await using var reader = await explain.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
            return string.Join('\n', plan);

            async Task ExecuteAsync(string text)
            {
                await using var command = new NpgsqlCommand(text, connection);
                await command.ExecuteNonQueryAsync();
            }
        }

        /// <summary>Planned for these values alone, as an unprepared statement is; each value is an expression.</summary>
        public async Task<string> ExplainOnceAsync(string sql, params string[] values)
        {
            await using var connection = await _world.Database.OpenAsync(TestRole.App);
            for (var i = 0; i < values.Length; i++)
            {
                await using var evaluate = new NpgsqlCommand($"select ({values[i]})::text", connection);
                sql = sql.Replace($"${i + 1}", $"'{await evaluate.ExecuteScalarAsync()}'", StringComparison.Ordinal);
            }
            await using var explain = new NpgsqlCommand($"explain {sql}", connection);
            await using var reader = await explain.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
            return string.Join('\n', plan);
        }

        private static async Task<string> ReadFillAsync()
        {
            await using var stream = typeof(MillionRows).Assembly.GetManifestResourceStream("Gamekeeper.Tests.Transactions.million_rows.sql")!;
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync();
        }
    }

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameter();
}
