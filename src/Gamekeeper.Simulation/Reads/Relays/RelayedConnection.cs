using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Gamekeeper.Simulation.Reads.Relays;

/// <summary>One connection through a relay.</summary>
internal sealed class RelayedConnection(Relay relay, Socket server, TimeProvider clock) : IDisposable
{
    private const int PieceLength = 64 * 1024;

    private readonly CancellationTokenSource _cut = new();
    private Socket? _backend;

    public async Task RunAsync(EndPoint target, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token, cancellationToken);
        try
        {
            server.NoDelay = true;
            await relay.Requests.PassAsync(clock, either.Token);
            _backend = new Socket(target.AddressFamily, SocketType.Stream, target.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            if (target.AddressFamily != AddressFamily.Unix)
                _backend.NoDelay = true;
            await _backend.ConnectAsync(target, either.Token);
            var requests = PumpAsync(server, _backend, relay.Requests, isRequest: true, either.Token);
            var answers = PumpAsync(_backend, server, relay.Answers, isRequest: false, either.Token);
            await Task.WhenAny(requests, answers);
            // When one end goes, the other one hears of it: what neither does is to stay half open for good.
            await either.CancelAsync();
            await Task.WhenAll(requests, answers);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or the backend is away; its end is closed below.
        }
        Close();
    }

    /// <summary>Cuts it.</summary>
    public void Dispose() => _cut.Cancel();

    private void Close()
    {
        server.Dispose();
        _backend?.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, Way way, bool isRequest, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        byte[] before = [];
        try
        {
            while (await from.ReceiveAsync(piece, cancellationToken) is > 0 and var length)
            {
                if (isRequest && relay.Watch is { } watch)
                    before = watch.Look(before, piece.AsSpan(0, length));
                await way.PassAsync(clock, cancellationToken);
                for (var sent = 0; sent < length; )
                    sent += await to.SendAsync(piece.AsMemory(sent, length - sent), cancellationToken);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other direction hears of it from its own end.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
