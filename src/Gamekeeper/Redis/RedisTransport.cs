using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gamekeeper.Redis;

/// <summary>Opens the way to a server: TCP or a socket file, with TLS where it is asked for.</summary>
internal static class RedisTransport
{
    /// <exception cref="RedisException"><see cref="RedisFailure.Unreachable"/>, or <see cref="RedisFailure.Refused"/> when its certificate is not trusted.</exception>
    public static async Task<Stream> OpenAsync(RedisAddress address, RedisOptions options, CancellationToken cancellationToken)
    {
        var network = await ConnectAsync(address, cancellationToken);
        if (!address.UsesTls)
            return network;
        var tls = new SslStream(network);
        try
        {
            await tls.AuthenticateAsClientAsync(Verification(address, options), cancellationToken);
            return tls;
        }
        catch (AuthenticationException failure)
        {
            await tls.DisposeAsync();
            throw new RedisException(
                RedisFailure.Refused,
                $"The certificate of Redis at {address} is not trusted: {failure.Message} It must bear the name {address.Host} and come from "
                    + (options.CertificateAuthorityFile is { Length: > 0 } file ? $"an authority in {file}." : $"an authority of this system; others are named in {RedisOptions.Section}:CertificateAuthorityFile."),
                failure
            );
        }
        catch (IOException failure)
        {
            await tls.DisposeAsync();
            throw new RedisException(RedisFailure.Unreachable, $"Redis at {address} broke off the TLS handshake: {failure.Message}", failure);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static async Task<NetworkStream> ConnectAsync(RedisAddress address, CancellationToken cancellationToken)
    {
        var socket = address.SocketFile is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address.EndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new RedisException(RedisFailure.Unreachable, $"Redis at {address} cannot be reached: {failure.Message}.", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The name and the chain are verified by the framework whenever no callback of ours overrules it; there is none.
    private static SslClientAuthenticationOptions Verification(RedisAddress address, RedisOptions options)
    {
        var verification = new SslClientAuthenticationOptions { TargetHost = address.Host };
        if (options.CertificateAuthorityFile is not { Length: > 0 } file)
            return verification;
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            // Read at each connection: an authority may have been replaced since.
            chain.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RedisException(RedisFailure.Refused, $"{RedisOptions.Section}:CertificateAuthorityFile '{file}' cannot be read: {failure.Message}", failure);
        }
        verification.CertificateChainPolicy = chain;
        return verification;
    }
}
