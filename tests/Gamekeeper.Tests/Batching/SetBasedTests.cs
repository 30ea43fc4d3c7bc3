using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Batching;

public sealed class SetBasedTests
{
    [Fact]
    public async Task Ten_thousand_rows_take_one_statement()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);

        await db.Database.WriteAsync(
            Actor.System(db.Clock),
            async (unit, ct) =>
            {
                foreach (var chunk in Enumerable.Range(0, BatchSize.Rows + 1).Select(place => marks.New(0, place)).Chunk(BatchSize.Rows))
                    await unit.ListAsync(new InsertMarks(chunk), ct);
            }
        );

        (await marks.CountAsync()).ShouldBe(BatchSize.Rows + 1);
        (await marks.CommitsAsync()).ShouldBe(1);
        // A row carries the number of the statement within its transaction.
        (await db.ScalarAsync<long>(TestRole.App, "select count(distinct cmin::text) from core.marks")).ShouldBe(2);
    }

    [Fact]
    public async Task A_failing_chunk_takes_its_whole_unit_with_it()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        var rows = Enumerable.Range(0, BatchSize.Rows + 1).Select(place => marks.New(0, place == BatchSize.Rows ? -1 : place)).Chunk(BatchSize.Rows).ToList();

        await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            db.Database.WriteAsync(
                Actor.System(db.Clock),
                async (unit, ct) =>
                {
                    foreach (var chunk in rows)
                        await unit.ListAsync(new InsertMarks(chunk), ct);
                }
            )
        );

        rows.Count.ShouldBe(2);
        (await marks.CountAsync()).ShouldBe(0);
    }
}
