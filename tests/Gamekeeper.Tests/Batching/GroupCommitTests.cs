using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;
using Npgsql;

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
        // A lane waits for the writers it has just answered, so nearly all of its 32 share the next commit; where the machine has much else
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

    [Fact]
    public async Task Rows_of_one_line_are_written_in_the_order_of_their_arrival_even_when_the_queue_is_full()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group(new GroupCommitOptions { Name = "marks", Lanes = 4, MaxBatch = 7, MaxQueued = 10 });

        var all = new List<Task<GroupCommitOutcome>>();
        for (var place = 0; place < 100; place++)
        {
            for (var line = 0; line < 10; line++)
                all.Add(group.WriteAsync(marks.New(line, place)));
        }

        (await Task.WhenAll(all)).ShouldAllBe(o => o is GroupCommitOutcome.Written);
        (await marks.CountAsync()).ShouldBe(1000);
        (await marks.OutOfOrderAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_full_queue_holds_producers_back()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group(new GroupCommitOptions { Name = "marks", Lanes = 1, MaxQueued = 2 });
        var held = await HeldTable.TakeAsync(db);
        var sent = await group.EnqueueAsync(marks.New(0, 0));
        await held.SomebodyWaitsAsync();
        var second = await group.EnqueueAsync(marks.New(0, 1));
        var third = await group.EnqueueAsync(marks.New(0, 2));
        using var impatience = new CancellationTokenSource();

        var outside = group.EnqueueAsync(marks.New(0, 3), impatience.Token);
        var behind = group.EnqueueAsync(marks.New(0, 4));
        outside.IsCompleted.ShouldBeFalse();
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(outside);
        behind.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();

        foreach (var acknowledgement in new[] { sent, second, third, await behind })
            (await acknowledgement).ShouldBeOfType<GroupCommitOutcome.Written>();
        (await marks.CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task A_waiting_row_can_be_called_back_and_one_on_its_way_cannot()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        await using var group = marks.Group(new GroupCommitOptions { Name = "marks", Lanes = 1 });
        var held = await HeldTable.TakeAsync(db);
        using var cancel = new CancellationTokenSource();
        var onItsWay = group.WriteAsync(marks.New(0, 0), cancel.Token);
        await held.SomebodyWaitsAsync();
        var waiting = group.WriteAsync(marks.New(0, 1), cancel.Token);
        var other = group.WriteAsync(marks.New(0, 2));

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        onItsWay.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();

        (await onItsWay).ShouldBeOfType<GroupCommitOutcome.Written>();
        (await other).ShouldBeOfType<GroupCommitOutcome.Written>();
        (await db.ListAsync<int>(TestRole.App, "select place from core.marks order by place")).ShouldBe([0, 2]);
        await Should.ThrowAsync<OperationCanceledException>(group.WriteAsync(marks.New(0, 3), cancel.Token));
    }

    [Fact]
    public async Task Disposing_writes_what_waits_and_takes_nothing_more()
    {
        await using var db = await TestDatabase.CreateAsync();
        var marks = await Marks.CreateAsync(db);
        var group = marks.Group(new GroupCommitOptions { Name = "marks", MaxQueued = 50 });
        var held = await HeldTable.TakeAsync(db);
        var waiting = Enumerable.Range(0, 300).Select(place => group.WriteAsync(marks.New(place % 7, place))).ToList();

        var disposing = group.DisposeAsync().AsTask();
        await Should.ThrowAsync<ObjectDisposedException>(group.WriteAsync(marks.New(0, 1000)));
        disposing.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();
        await disposing;

        (await marks.CountAsync()).ShouldBe(300);
        (await Task.WhenAll(waiting)).ShouldAllBe(o => o is GroupCommitOutcome.Written);
        await group.DisposeAsync();
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
