using System.Text.RegularExpressions;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Rules;
using Gamekeeper.Tests.SummonersGrid;

namespace Gamekeeper.Tests.Docs;

/// <summary>What the page tells somebody to type at night works as it stands.</summary>
public sealed partial class SlowDatabasePageTests
{
    private static readonly string Page = Sources.Read("docs/operating/slow-database.md");

    [Fact]
    public async Task Its_sql_runs_and_finds_the_rows_of_one_request()
    {
        var sql = Fence().Matches(Page).Select(m => m.Groups["sql"].Value).ToList();
        await using var world = await GridWorld.CreateAsync();
        await world.MintAsync(await world.NewPlayerAsync(), 3);
        await world.MintAsync(await world.NewPlayerAsync(), 3);
        var request = await world.Database.ScalarAsync<Guid>(TestRole.Superuser, "select request_id from summoners_grid.activity_log order by id desc limit 1");

        await world.Database.ListAsync<int>(TestRole.App, sql.Single(s => s.Contains("pg_stat_activity", StringComparison.Ordinal)));
        var rows = await world.Database.ListAsync<string>(
            TestRole.Auditor,
            sql.Single(s => s.Contains("activity_trail", StringComparison.Ordinal)).Replace("'…'", $"'{request}'", StringComparison.Ordinal).Replace("a.*", "a.table_name", StringComparison.Ordinal));

        rows.Count.ShouldBe((int)await world.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from summoners_grid.audit_log where request_id = '{request}'"));
        rows.ShouldContain("card_instances");
    }

    [Fact]
    public void It_tells_of_every_check_and_of_no_other()
    {
        var checks = Sources.CodeBelow("src/Gamekeeper.Operations/Monitoring/Indexes/").SelectMany(f => Check().Matches(f.Text)).Select(m => m.Groups["name"].Value).ToList();

        checks.Count.ShouldBe(6);
        Row().Matches(Page).Select(m => m.Groups["name"].Value).ShouldBe(checks, ignoreOrder: true);
    }

    [GeneratedRegex(@"```sql\n(?<sql>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"const string Check = ""(?<name>[a-z-]+)""")]
    private static partial Regex Check();

    [GeneratedRegex(@"^\| `(?<name>[a-z]+-[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
