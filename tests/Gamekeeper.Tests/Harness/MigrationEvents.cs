using System.Collections.Concurrent;
using Gamekeeper.Migrations;

namespace Gamekeeper.Tests.Harness;

/// <summary>Keeps what a runner reported, in order, and lets a test wait for a report or act at it.</summary>
internal sealed class MigrationEvents(Action<MigrationEvent>? react = null) : IProgress<MigrationEvent>
{
    private readonly ConcurrentQueue<MigrationEvent> _events = new();
    private readonly TaskCompletionSource<MigrationEvent.WaitingForRunner> _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<MigrationEvent> All => [.. _events];

    public Task<MigrationEvent.WaitingForRunner> SomebodyElseRuns => _waiting.Task;

    public void Report(MigrationEvent value)
    {
        _events.Enqueue(value);
        if (value is MigrationEvent.WaitingForRunner waiting)
            _waiting.TrySetResult(waiting);
        react?.Invoke(value);
    }
}
