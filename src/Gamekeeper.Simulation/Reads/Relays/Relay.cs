using System.Net;
using System.Net.Sockets;

namespace Gamekeeper.Simulation.Reads.Relays;

/// <summary>
/// One way from one server to one backend, over TCP on this machine, that can be made bad: held in one direction or in both, slowed, cut.
/// What is held is not lost: like packets that TCP sends again, it arrives late once the way is open, unless the connection is cut first.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly TcpListener _listener;
    private readonly EndPoint _target;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly HashSet<RelayedConnection> _connections = [];
    private readonly Task _accepting;

    private Relay(EndPoint target, TimeProvider clock)
    {
        (_target, _clock) = (target, clock);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start(Backlog);
        _accepting = AcceptAsync();
    }

    /// <summary>Where the server connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From the server to the backend.</summary>
    internal Way Requests { get; } = new();

    /// <summary>From the backend to the server.</summary>
    internal Way Answers { get; } = new();

    /// <summary>Looks at what passes.</summary>
    internal Watch? Watch { get; set; }

    /// <summary>Opens a way to a backend, whether or not that listens yet.</summary>
    public static Relay To(EndPoint target, TimeProvider clock) => new(target, clock);

    /// <summary>Everything passes, at once.</summary>
    internal void Mend()
    {
        Requests.Open();
        Answers.Open();
        (Requests.Delay, Answers.Delay) = (TimeSpan.Zero, TimeSpan.Zero);
    }

    /// <summary>Ends every connection, with whatever is held in it.</summary>
    internal void Cut()
    {
        RelayedConnection[] connections;
        lock (_lock)
            connections = [.. _connections];
        foreach (var connection in connections)
            connection.Dispose();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
            try
            {
                var connection = new RelayedConnection(this, await _listener.AcceptSocketAsync(_end.Token), _clock);
                lock (_lock)
                    _connections.Add(connection);
                _ = RunAsync(connection);
            }
            // Stopped; or a connection that was gone before we had it.
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                continue;
            }
    }

    private async Task RunAsync(RelayedConnection connection)
    {
        await connection.RunAsync(_target, _end.Token);
        lock (_lock)
            _connections.Remove(connection);
    }
}
