using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Gamekeeper.Tests.Harness;

/// <summary>
/// A relay between application and server that counts turns: how often the client spoke after the server had. That is what a distant
/// server makes one wait for, however many statements or packets travel together.
/// </summary>
internal sealed class RoundTripCounter : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly EndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private long _turns;

    private RoundTripCounter(string connectionString)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString);
        _server = text.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint(Path.Combine(text.Host, $".s.PGSQL.{text.Port}"))
            : new DnsEndPoint(text.Host, text.Port);
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        text.Host = "127.0.0.1";
        text.Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        text.SslMode = SslMode.Disable;
        ConnectionString = text.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>Leads through the relay.</summary>
    public string ConnectionString { get; }

    /// <summary>Turns so far, those of opening connections included.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    public static RoundTripCounter Start(string connectionString) => new(connectionString);

    /// <summary>Returns once nothing of what was done before is still going on behind its back.</summary>
    public Func<Task> Settle { get; set; } = () => Task.CompletedTask;

    /// <summary>
    /// The turns that <paramref name="work"/> took. Run it once before, so that its connection stands and what the driver asks once has
    /// been asked.
    /// </summary>
    public async Task<long> MeasureAsync(Func<Task> work)
    {
        await Settle();
        var before = Turns;
        await work();
        return Turns - before;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _connections.Add(RelayAsync(await _listener.AcceptAsync(_stop.Token)));
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(_server.AddressFamily == AddressFamily.Unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified))
        {
            await server.ConnectAsync(_server);
            client.NoDelay = true;
            var serverSpokeLast = new StrongBox(true);
            var up = PumpAsync(client, server, () =>
            {
                if (Interlocked.Exchange(ref serverSpokeLast.Value, 0) == 1)
                    Interlocked.Increment(ref _turns);
            });
            var down = PumpAsync(server, client, () => Interlocked.Exchange(ref serverSpokeLast.Value, 1));
            await Task.WhenAny(up, down);
            client.Close();
            server.Close();
            await Task.WhenAll(up, down);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Action passed)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
            {
                passed();
                for (var sent = 0; sent < read; )
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // One side hung up; the other is closed by the relay.
        }
    }

    private sealed class StrongBox(bool value)
    {
        public int Value = value ? 1 : 0;
    }
}
