using System.Net;
using System.Net.Sockets;

namespace Gamekeeper.EmbeddedPostgres;

/// <summary>A loopback port that was free a moment ago; the start tries another when it was taken in between.</summary>
internal static class FreePort
{
    public static int Choose()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
