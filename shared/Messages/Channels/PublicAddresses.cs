using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace ServerlessCLM.Messages.Channels;

/// <summary>An endpoint's name leads to an address inside a network.</summary>
public sealed class PrivateAddressException(string host, IPAddress address)
    : HttpRequestException($"{host} leads to {address}, which is not a public address; Clm:Gateways:AllowPrivateAddresses lets it through in development");

/// <summary>Keeps outgoing webhooks out of the network they are sent from: addresses are looked at where the connection is made, so that a name that changes its mind meanwhile changes nothing.</summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            // IANA special-purpose registries (RFC 6890): this host, private, shared, loopback, link-local, protocol, documentation, benchmarks, multicast, reserved.
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // The same of version 6, with the ranges that carry an address of version 4 within them.
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(Private, network => network.Contains(plain));
    }

    /// <summary>A handler that connects to public addresses alone, follows no redirect and uses no proxy.</summary>
    /// <remarks>It adds no headers of its own: who calls says what of a trace leaves the house, and a caller's baggage never does.</remarks>
    public static SocketsHttpHandler Handler(bool allowPrivate) => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, allowPrivate, cancellation),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, bool allowPrivate, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(endpoint.Host, cancellation);
        if (!allowPrivate && Array.Find(addresses, address => !IsPublic(address)) is { } inside)
            throw new PrivateAddressException(endpoint.Host, inside);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endpoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
