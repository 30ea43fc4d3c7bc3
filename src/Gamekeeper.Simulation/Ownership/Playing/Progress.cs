namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>How many operations of the schedule have been played; whoever waits for a number hears when it is reached.</summary>
internal sealed class Progress
{
    private readonly Lock _lock = new();
    private readonly List<(int At, TaskCompletionSource Reached)> _waiting = [];
    private int _played;

    public int Played => Volatile.Read(ref _played);

    public void Add(int operations)
    {
        lock (_lock)
        {
            _played += operations;
            foreach (var (at, reached) in _waiting)
                if (at <= _played)
                    reached.TrySetResult();
            _waiting.RemoveAll(w => w.At <= _played);
        }
    }

    public Task ReachedAsync(int operations, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_played >= operations)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((operations, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }
}
