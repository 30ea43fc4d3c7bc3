namespace Gamekeeper.Caching.Fencing;

/// <summary>Lets those who need an epoch raised after their own commit share one: whoever comes while one is being raised gets the next.</summary>
internal sealed class RaisedEpochs
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    public Task NextAsync(Func<Task> raise)
    {
        lock (_gate)
        {
            if (_next is not null)
                return _next;
            if (_running.IsCompleted)
                return _running = raise();
            return _next = AfterAsync(_running, raise);
        }
    }

    private async Task AfterAsync(Task before, Func<Task> raise)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task mine;
        lock (_gate)
        {
            _running = mine = raise();
            _next = null;
        }
        await mine;
    }
}
