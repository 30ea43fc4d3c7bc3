using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Batching;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task Many_writers_share_few_commits_and_each_is_acknowledged()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(WriteLineAsync));

        outcomes.SelectMany(o => o).ShouldAllBe(o => o is GroupCommitOutcome.Written);
        (await marks.CountAsync()).ShouldBe(64 * 200);
        (await marks.OutOfOrderAsync()).ShouldBe(0);
        // A lane waits for the writers it has just answered, so nearly all of the 64 share the next commit; where the machine has much else
        // to do some come late, and the server of the tests does not wait for its disk.
        (await marks.CommitsAsync()).ShouldBeLessThan(64 * 200 / 8);

        // Each writer awaits its acknowledgement before it writes again, as requests do.
        async Task<List<GroupCommitOutcome>> WriteLineAsync(int line)
        {
            var answers = new List<GroupCommitOutcome>();
            for (var place = 0; place < 200; place++)
                answers.Add(await group.WriteAsync(marks.New(line, place)));
            return answers;
        }
    }

    [Fact]
    public async Task What_the_statement_passed_over_is_not_acknowledged()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group(new GroupCommitOptions { Name = "marks", Lanes = 1 });
        var mark = marks.New(1, 1);

        var answers = await Task.WhenAll(group.WriteAsync(mark), group.WriteAsync(mark with { Place = 2 }), group.WriteAsync(marks.New(1, 3)));

        answers[0].ShouldBeOfType<GroupCommitOutcome.Written>();
        answers[1].ShouldBeOfType<GroupCommitOutcome.NotWritten>();
        answers[2].ShouldBeOfType<GroupCommitOutcome.Written>();
        (await marks.CountAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData(0, 2, 1)]
    [InlineData(10_001, 2, 1)]
    [InlineData(500, 0, 1)]
    [InlineData(500, 17, 1)]
    [InlineData(500, 2, 0)]
    public async Task An_option_out_of_range_is_named(int maxBatch, int lanes, int maxQueued)
    {
        await using var db = await TestDatabase.CreateAsync(new TestDatabaseOptions(Migrated: false));
        var options = new GroupCommitOptions { Name = "marks", MaxBatch = maxBatch, Lanes = lanes, MaxQueued = maxQueued };

        Should.Throw<ArgumentException>(() => new Marks(db).Group(options)).Message.ShouldContain("it takes 1 to");
    }
}
