namespace Gamekeeper.Simulation.Reads.Relays;

/// <summary>One direction of a relay: open, or held.</summary>
internal sealed class Way
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _held;
    private long _delay;

    public bool IsHeld
    {
        get
        {
            lock (_lock)
                return _held is not null;
        }
    }

    /// <summary>How late everything arrives.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _delay));
        set => Volatile.Write(ref _delay, value.Ticks);
    }

    /// <summary>Nothing passes from now on.</summary>
    public void Hold()
    {
        lock (_lock)
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What was held passes, and what comes.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _held?.SetResult();
            _held = null;
        }
    }

    /// <summary>Done when the way is open.</summary>
    public async Task PassAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task held;
            lock (_lock)
            {
                if (_held is null)
                    break;
                held = _held.Task;
            }
            await held.WaitAsync(cancellationToken);
        }
        if (Delay is var delay && delay > TimeSpan.Zero)
            await Task.Delay(delay, clock, cancellationToken);
    }
}
