using System.Collections.Concurrent;

namespace Gamekeeper.Simulation.Ownership.Recording;

/// <summary>Everything that was asked, in the order of the asking.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Request> _requests = new();
    private int _numbers;

    public IReadOnlyCollection<Request> Requests => _requests;

    /// <summary>Notes a request before it is sent.</summary>
    public Request Ask(Asked asked)
    {
        var request = new Request(Interlocked.Increment(ref _numbers), asked);
        _requests.Enqueue(request);
        return request;
    }
}
