using System.Net;
using System.Net.Sockets;

namespace Gamekeeper.Tests.Redis;

/// <summary>A way to a server that can begin to swallow what passes, in one direction or both, as a network does that drops packets: nothing is closed.</summary>
internal sealed class SwallowingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _server;
    private readonly List<Task> _connections = [];
    private readonly Task _running;
    private volatile bool _swallowsRequests;
    private volatile bool _swallowsAnswers;
    private volatile TaskCompletionSource? _reading;

    public SwallowingRelay(int serverPort)
    {
        _server = serverPort;
        _listener.Start();
        _running = AcceptAsync();
    }

    public string ConnectionString => $"redis://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Swallow(bool requests, bool answers) => (_swallowsRequests, _swallowsAnswers) = (requests, answers);

    /// <summary>Reads no request any more until the connection ends, so that whoever sends fills up all buffers on the way.</summary>
    public void Clog() => _reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _reading?.TrySetResult();
        _listener.Stop();
        await _running;
        await Task.WhenAll(_connections);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(RelayAsync(await _listener.AcceptSocketAsync(_ending.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _ending.Token);
                await Task.WhenAny(PumpAsync(client, server, () => _swallowsRequests, clogs: true), PumpAsync(server, client, () => _swallowsAnswers, clogs: false));
            }
            catch (Exception ended) when (ended is SocketException or OperationCanceledException)
            {
                // One side left.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<bool> swallows, bool clogs)
    {
        var buffer = new byte[16384];
        while (true)
        {
            if (clogs && _reading is { } reading)
                await reading.Task.WaitAsync(_ending.Token);
            if (await from.ReceiveAsync(buffer, _ending.Token) is not (> 0 and var read))
                return;
            if (clogs && _reading is not null)
                continue;
            if (!swallows())
                await to.SendAsync(buffer.AsMemory(0, read), _ending.Token);
        }
    }
}
