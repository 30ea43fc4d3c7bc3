using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Batching;

/// <summary>Rows that wait: in order, within limits, called back, and at the end.</summary>
public sealed class GroupCommitQueueTests
{
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
}
