using Gamekeeper.Auditing;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Auditing;

public sealed class MakePartitionsTests
{
    private const string Partitions =
        "select inhrelid::regclass::text from pg_inherits where inhparent in ('sample_game.audit_log'::regclass, 'sample_game.activity_log'::regclass) order by 1";

    [Fact]
    public async Task The_months_that_are_missing_are_made_and_a_second_run_makes_none()
    {
        await using var db = await TestDatabase.CreateAsync();
        var whole = await db.ListAsync<string>(TestRole.Owner, Partitions);
        whole.Count.ShouldBe(10, "last month, this one and three ahead, of two logs");
        await db.ExecuteAsync(TestRole.Superuser, $"drop table {whole[^1]}");
        await db.ExecuteAsync(TestRole.Superuser, $"drop table {whole[0]}");

        (await db.Get<MakePartitions>().RunAsync(CancellationToken.None)).ShouldStartWith("2 partitions made");
        (await db.Get<MakePartitions>().RunAsync(CancellationToken.None)).ShouldStartWith("0 partitions made");

        (await db.ListAsync<string>(TestRole.Owner, Partitions)).ShouldBe(whole);
    }
}
