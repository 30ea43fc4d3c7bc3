using System.Net;
using System.Net.Sockets;
using Gamekeeper.Cli.Supervision;

namespace Gamekeeper.Tests.Cli;

/// <summary>Waiting for a server has an end and an explanation.</summary>
public class ServerReadinessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_server_that_never_gets_ready_is_given_up_with_what_it_last_answered()
    {
        await using var server = await NeverReady.StartAsync();

        var end = await server.WaitAsync();

        end.ShouldBeOfType<Readiness.TooLate>().LastAnswer.ShouldBe("503 no schema");
    }

    [Fact]
    public async Task A_server_that_ends_first_is_not_waited_for()
    {
        await using var server = await NeverReady.StartAsync();
        Signals.Send(server.Process.Identity.Id, Signals.Kill);
        await server.Process.Exited;

        (await server.WaitAsync()).ShouldBeOfType<Readiness.Ended>().ExitCode.ShouldBe(137);
    }

    [Fact]
    public void A_log_in_use_is_emptied_in_place_and_its_content_kept_once()
    {
        var folder = Directory.CreateTempSubdirectory("gkc-");
        try
        {
            var log = Path.Combine(folder.FullName, "server.log");
            using var writer = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            writer.Write(new byte[(16 << 20) + 1]);
            writer.Flush();

            LogTail.RotateInUse(log);
            LogTail.RotateInUse(log);

            new FileInfo(log).Length.ShouldBe(0);
            new FileInfo(log + ".1").Length.ShouldBe((16 << 20) + 1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A process that lives, and an address that answers 503 in its stead.
    private sealed class NeverReady : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gkc-");
        private readonly HttpListener _listener = new();
        private readonly Task _answering;

        private NeverReady(string url)
        {
            _listener.Prefixes.Add(url + "/");
            _listener.Start();
            _answering = AnswerAsync();
            Server = new ServerProcess("none", url, () => new Dictionary<string, string>(), Path.Combine(_folder.FullName, "server.log"));
        }

        public ChildProcess Process { get; private set; } = null!;

        private ServerProcess Server { get; }

        public static async Task<NeverReady> StartAsync()
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var server = new NeverReady($"http://127.0.0.1:{port}");
            server.Process = await ChildProcess.LaunchAsync(["sleep", "600"], new Dictionary<string, string>(), server.Server.LogFile, server._folder.FullName);
            return server;
        }

        public Task<Readiness> WaitAsync() => Server.WaitUntilReadyAsync(Process, Patience, _ => { }, TimeProvider.System, TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await Process.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
            _listener.Close();
            await _answering;
            _folder.Delete(recursive: true);
        }

        private async Task AnswerAsync()
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                context.Response.StatusCode = 503;
                context.Response.Close("no schema"u8.ToArray(), willBlock: true);
            }
        }
    }
}
