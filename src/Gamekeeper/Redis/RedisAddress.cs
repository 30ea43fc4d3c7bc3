using System.Net;
using System.Net.Sockets;

namespace Gamekeeper.Redis;

/// <summary>Where one server is and as whom it is entered. Not a record: a record would print its password.</summary>
internal sealed class RedisAddress
{
    public const int OrdinaryPort = 6379;

    /// <summary>Name or address; with TLS the name that the certificate must bear. Empty with a socket file.</summary>
    public string Host { get; init; } = "";

    public int Port { get; init; } = OrdinaryPort;

    /// <summary>The socket file, instead of host and port.</summary>
    public string? SocketFile { get; init; }

    public bool UsesTls { get; init; }

    /// <summary>ACL user; null is the server's <c>default</c>.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Number of the database on that server.</summary>
    public int Database { get; init; }

    public EndPoint EndPoint => SocketFile is { } file ? new UnixDomainSocketEndPoint(file) : IPAddress.TryParse(Host, out var ip) ? new IPEndPoint(ip, Port) : new DnsEndPoint(Host, Port);

    public override string ToString() => SocketFile ?? (Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}");
}
