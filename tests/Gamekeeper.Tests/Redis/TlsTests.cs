using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gamekeeper.Redis;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Redis;

public sealed class TlsTests
{
    [Fact]
    public async Task A_server_with_a_certificate_of_a_named_authority_is_entered()
    {
        using var authority = new Authority();
        await using var redis = await StartAsync(authority, "localhost");
        await using var client = TestRedis.NewClient($"rediss://localhost:{redis.Port}", o => o.CertificateAuthorityFile = authority.File);
        await client.ReadyAsync().WaitAsync(TimeSpan.FromSeconds(30));

        var value = RandomNumberGenerator.GetBytes(300_000);
        var heard = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await client.SendAsync(new("SET", "over-tls", value));
        (await client.SendAsync(new("GET", "over-tls"))).Bytes.ShouldBe(value);
        await using var subscription = await client.SubscribeAsync("tls", m => heard.TrySetResult(m.ToArray()));
        await client.SendAsync(new("PUBLISH", "tls", "x"));
        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("x"u8.ToArray());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
                (await client.SendAsync(new("STRLEN", "over-tls"))).Integer.ShouldBe(value.Length);
        })));
    }

    [Fact]
    public async Task A_certificate_of_another_name_is_refused()
    {
        using var authority = new Authority();
        await using var redis = await StartAsync(authority, "elsewhere.example");
        await using var client = TestRedis.NewClient($"rediss://localhost:{redis.Port}", o => o.CertificateAuthorityFile = authority.File);
        client.Start();
        (await SignInTests.RefusedAsync(client)).Reason.ShouldContain("must bear the name localhost");
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        using var authority = new Authority();
        using var other = new Authority();
        await using var redis = await StartAsync(authority, "localhost");
        await using var withAnother = TestRedis.NewClient($"rediss://localhost:{redis.Port}", o => o.CertificateAuthorityFile = other.File);
        withAnother.Start();
        (await SignInTests.RefusedAsync(withAnother)).Reason.ShouldContain("is not trusted");

        await using var withTheSystems = TestRedis.NewClient($"rediss://localhost:{redis.Port}");
        withTheSystems.Start();
        (await SignInTests.RefusedAsync(withTheSystems)).Reason.ShouldContain("CertificateAuthorityFile");
    }

    [Fact]
    public async Task A_server_without_TLS_is_not_entered_with_it()
    {
        var redis = await TestRedis.SharedAsync();
        await using var client = TestRedis.NewClient($"rediss://localhost:{redis.Port}");
        client.Start();
        await Soon.TrueAsync(() => client.State is RedisState.Refused or RedisState.Connecting { LastFailure: not null });
    }

    private static Task<TestRedis> StartAsync(Authority authority, string name)
    {
        var (certificate, key) = authority.Issue(name);
        return TestRedis.StartTlsAsync($"--tls-cert-file {certificate}", $"--tls-key-file {key}", "--tls-auth-clients no");
    }

    // An authority of this test's own, with its files.
    private sealed class Authority : IDisposable
    {
        private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly X509Certificate2 _certificate;
        private readonly string _folder = Directory.CreateTempSubdirectory("gkt-tls-").FullName;

        public Authority()
        {
            var request = new CertificateRequest($"CN=Test authority {Path.GetFileName(_folder)}", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            _certificate = request.CreateSelfSigned(From, From.AddDays(30));
            System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
        }

        public string File => Path.Combine(_folder, "authority.pem");

        public (string Certificate, string Key) Issue(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            using var issued = request.Create(_certificate, From, From.AddDays(20), [1, 2, 3, 4]);
            var (certificateFile, keyFile) = (Path.Combine(_folder, "server.pem"), Path.Combine(_folder, "server.key"));
            System.IO.File.WriteAllText(certificateFile, issued.ExportCertificatePem());
            System.IO.File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
            return (certificateFile, keyFile);
        }

        public void Dispose()
        {
            _certificate.Dispose();
            _key.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
