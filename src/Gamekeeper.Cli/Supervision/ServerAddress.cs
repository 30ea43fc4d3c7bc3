using System.Net;
using System.Net.Sockets;

namespace Gamekeeper.Cli.Supervision;

/// <summary>Where the API listens: on this machine alone.</summary>
internal static class ServerAddress
{
    /// <summary>Taken when nobody names a port and it is free.</summary>
    public const int DefaultPort = 5280;

    /// <summary>The port asked for, or the usual one, or any free one.</summary>
    /// <exception cref="GamekeeperException"><c>ports.unavailable</c>: the port asked for is taken.</exception>
    public static int Choose(int? asked)
    {
        if (asked is { } port)
            return IsFree(port)
                ? port
                : throw new GamekeeperException(
                    "ports.unavailable",
                    $"Port {port} is taken on this machine (see: ss -ltnp 'sport = :{port}'). Name another with --port, or none to have one chosen.");
        return IsFree(DefaultPort) ? DefaultPort : AnyFree();
    }

    public static string Url(int port) => $"http://localhost:{port}";

    // Bound and not connected to: a connection would also fail on a listener with a full queue.
    private static bool IsFree(int port)
    {
        try
        {
            using var four = new TcpListener(IPAddress.Loopback, port);
            four.Start();
            if (!Socket.OSSupportsIPv6)
                return true;
            using var six = new TcpListener(IPAddress.IPv6Loopback, port);
            six.Start();
            return true;
        }
        // A machine may know IPv6 and yet have no such loopback; the server then does without it as well.
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int AnyFree()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }
}
