using System.Net;
using System.Net.Sockets;

namespace Gamekeeper.Server.RateLimiting;

/// <summary>The address by which a caller is counted.</summary>
internal static class CallerAddress
{
    /// <summary>An IPv4 address as it is; of IPv6 the /64, since whoever has one address there has 2^64.</summary>
    public static string Partition(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes) + "/64";
    }
}
