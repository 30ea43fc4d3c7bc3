using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Batching;

/// <summary>Rows that cannot be written, and connections that are lost.</summary>
public sealed class GroupCommitFailureTests
{
    [Fact]
    public async Task A_row_that_breaks_the_batch_fails_alone()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group(new GroupCommitOptions { Name = "marks", Lanes = 1 });
        await using var held = await HeldTable.TakeAsync(db);
        var first = group.WriteAsync(marks.New(0, 0));
        await held.SomebodyWaitsAsync();
        var hundred = Enumerable.Range(1, 100).Select(place => (Place: place, Task: group.WriteAsync(marks.New(place, place == 37 ? -1 : place)))).ToList();

        await held.DisposeAsync();

        (await first).ShouldBeOfType<GroupCommitOutcome.Written>();
        foreach (var (place, task) in hundred)
        {
            if (place == 37)
                (await Should.ThrowAsync<PostgresException>(task)).ConstraintName.ShouldBe("marks_place_not_negative");
            else
                (await task).ShouldBeOfType<GroupCommitOutcome.Written>();
        }
        (await marks.CountAsync()).ShouldBe(100);
        // One for the first row; one hundred rows in the halves around the broken one.
        (await marks.CommitsAsync()).ShouldBeInRange(2, 9);
    }

    [Fact]
    public async Task A_killed_server_process_acknowledges_nobody_without_a_row()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group();
        var killing = Task.Run(async () =>
        {
            for (var killed = 0L; killed < 20; )
                killed += await db.ScalarAsync<long>(TestRole.Superuser, KillWriters);
        });

        var written = new System.Collections.Concurrent.ConcurrentBag<Guid>();
        var (sent, unknown) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(WriteAsync));
        await killing;

        var stored = await marks.StoredAsync();
        written.Where(id => !stored.Contains(id)).ShouldBeEmpty();
        written.Count.ShouldBeGreaterThan(0);
        unknown.ShouldBeGreaterThan(0);
        (written.Count + unknown).ShouldBe(sent);

        // Until the killing has ended, and a little beyond.
        async Task WriteAsync(int line)
        {
            for (int place = 0, beyond = 0; beyond < 10; place++)
            {
                beyond += killing.IsCompleted ? 1 : 0;
                Interlocked.Increment(ref sent);
                var mark = marks.New(line, place);
                try
                {
                    if (await group.WriteAsync(mark) is GroupCommitOutcome.Written)
                        written.Add(mark.Id);
                }
                catch (GamekeeperException lost) when (lost.Code is "transactions.outcome-unknown")
                {
                    Interlocked.Increment(ref unknown);
                }
            }
        }
    }

    [Fact]
    public async Task A_writer_whose_connection_is_lost_while_committing_is_told_that_the_outcome_is_unknown()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group();
        await using var held = await HeldTable.TakeAsync(db);
        var writing = group.WriteAsync(marks.New(0, 0));

        await KillAsync(db, await held.SomebodyWaitsAsync());

        (await Should.ThrowAsync<GamekeeperException>(writing)).Code.ShouldBe("transactions.outcome-unknown");
        await held.DisposeAsync();
        (await marks.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Repeatable_rows_survive_a_lost_connection_and_stand_once()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group(
            new GroupCommitOptions { Name = "marks", IsRepeatable = true },
            (unit, rows, _) => Task.FromResult(unit.Enqueue(new KeepMarks(rows)))
        );
        await using var held = await HeldTable.TakeAsync(db);
        var writing = group.WriteAsync(marks.New(0, 0));

        await KillAsync(db, await held.SomebodyWaitsAsync());
        await held.DisposeAsync();

        (await writing).ShouldBeOfType<GroupCommitOutcome.Written>();
        (await marks.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_value_that_the_driver_cannot_spell_fails_its_own_writer_only()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group(
            new GroupCommitOptions { Name = "marks", Lanes = 1 },
            (unit, rows, _) =>
                rows.Any(r => r.Place == 13) ? throw new InvalidCastException("planted") : Task.FromResult(unit.Enqueue(new InsertMarks(rows)))
        );
        await using var held = await HeldTable.TakeAsync(db);
        var first = group.WriteAsync(marks.New(0, 0));
        await held.SomebodyWaitsAsync();
        var rest = Enumerable.Range(10, 10).Select(place => group.WriteAsync(marks.New(0, place))).ToList();
        await held.DisposeAsync();

        await Should.ThrowAsync<InvalidCastException>(rest[3]);
        await first;
        rest.RemoveAt(3);
        (await Task.WhenAll(rest)).ShouldAllBe(o => o is GroupCommitOutcome.Written);
        (await marks.CountAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task A_failure_after_the_commit_is_told_and_nothing_is_written_twice()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        var runs = 0;
        await using var group = marks.Group(
            new GroupCommitOptions { Name = "marks", Lanes = 1 },
            (unit, rows, _) =>
            {
                runs++;
                unit.AfterCommit(_ => rows.Count > 1 ? throw new InvalidCastException("planted") : Task.CompletedTask);
                return Task.FromResult(unit.Enqueue(new InsertMarks(rows)));
            }
        );
        var held = await HeldTable.TakeAsync(db);
        var first = group.WriteAsync(marks.New(0, 0));
        await held.SomebodyWaitsAsync();
        var two = new[] { group.WriteAsync(marks.New(0, 1)), group.WriteAsync(marks.New(0, 2)) };
        await held.DisposeAsync();

        await first;
        foreach (var writer in two)
            await Should.ThrowAsync<InvalidCastException>(writer);
        runs.ShouldBe(2);
        (await marks.CountAsync()).ShouldBe(3);
    }

    private static async Task KillAsync(TestDatabase db, int process) => await db.ScalarAsync<bool>(TestRole.Superuser, $"select pg_terminate_backend({process})");

    private const string KillWriters =
        """
        select count(pg_terminate_backend(pid))
        from pg_stat_activity
        where datname = current_database()
          and usename = 'gamekeeper_app'
          and query like '%InsertMarks%'
        """;
}
