using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Gamekeeper.Tests.Server.Health;

/// <summary>A way to PostgreSQL that can be cut and mended, on one port all the while: as if the server were stopped and started.</summary>
internal sealed class SwitchableRelay : IAsyncDisposable
{
    private readonly EndPoint _server;
    private readonly int _port;
    private CancellationTokenSource? _on;
    private Task _running = Task.CompletedTask;

    public SwitchableRelay(string connectionString)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString);
        _server = text.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint(Path.Combine(text.Host, $".s.PGSQL.{text.Port}"))
            : new DnsEndPoint(text.Host, text.Port);
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        text.Host = "127.0.0.1";
        text.Port = _port;
        text.SslMode = SslMode.Disable;
        ConnectionString = text.ConnectionString;
    }

    public string ConnectionString { get; }

    public void On()
    {
        _on = new CancellationTokenSource();
        var listener = new TcpListener(IPAddress.Loopback, _port) { ExclusiveAddressUse = false };
        listener.Start();
        _running = AcceptAsync(listener, _on.Token);
    }

    public async Task OffAsync()
    {
        if (_on is null)
            return;
        await _on.CancelAsync();
        await _running;
        _on.Dispose();
        _on = null;
    }

    public async ValueTask DisposeAsync() => await OffAsync();

    private async Task AcceptAsync(TcpListener listener, CancellationToken off)
    {
        var connections = new List<Task>();
        using (listener)
        {
            try
            {
                while (true)
                    connections.Add(RelayAsync(await listener.AcceptSocketAsync(off), off));
            }
            catch (OperationCanceledException)
            {
                // Switched off.
            }
        }
        await Task.WhenAll(connections);
    }

    private async Task RelayAsync(Socket client, CancellationToken off)
    {
        using var server = new Socket(_server.AddressFamily, SocketType.Stream, _server is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server, off);
                await Task.WhenAny(PumpAsync(client, server, off), PumpAsync(server, client, off));
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // One side left, or the switch was turned.
            }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken off)
    {
        var buffer = new byte[16384];
        while (await from.ReceiveAsync(buffer, off) is > 0 and var read)
            await to.SendAsync(buffer.AsMemory(0, read), off);
    }
}
