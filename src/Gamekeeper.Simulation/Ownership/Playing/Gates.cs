namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>Which servers there are to be asked at the moment. Who finds none waits until there is one.</summary>
internal sealed class Gates(int servers)
{
    private readonly Lock _lock = new();
    private readonly bool[] _closed = new bool[servers];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Close(int server) => Set(server, true);

    public void Open(int server) => Set(server, false);

    /// <summary>The server of this turn, or the next one that serves.</summary>
    public async Task<int> AnyAsync(int turn, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                for (var i = 0; i < _closed.Length; i++)
                {
                    var server = (turn + i) % _closed.Length;
                    if (!_closed[server])
                        return server;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Set(int server, bool closed)
    {
        lock (_lock)
        {
            _closed[server] = closed;
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
