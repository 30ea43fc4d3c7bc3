using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gamekeeper.Tests.Redis;

/// <summary>Answers what a test says: for what no real Redis does, or none of this version.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string Hello7 = "%3\r\n+server\r\n+redis\r\n+version\r\n+7.0.15\r\n+proto\r\n:3\r\n";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<string, string?> _answer;
    private readonly Task _running;

    /// <param name="answer">What to send for a command (its words, a blank between them); null for nothing.</param>
    public FakeServer(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _running = AcceptAsync();
    }

    public string ConnectionString => $"redis://{Address}";

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>One that behaves until it is asked for something else than who it is.</summary>
    public static FakeServer Behaved(Func<string, string?> answer) =>
        new(command => command.StartsWith("HELLO", StringComparison.Ordinal) ? Hello7
            : command.StartsWith("INFO", StringComparison.Ordinal) ? Bulk("redis_version:7.0.15\r\nrun_id:fake\r\nloading:0\r\n")
            : answer(command));

    public static string Bulk(string text) => $"${Encoding.UTF8.GetByteCount(text)}\r\n{text}\r\n";

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _running;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                while (await CommandAsync(reader) is { } command)
                {
                    if (_answer(command) is { } answer)
                        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer), _ending.Token);
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The other side left.
            }
        }
    }

    private async Task<string?> CommandAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync(_ending.Token) is not { Length: > 1 } count)
            return null;
        var words = new List<string>();
        for (var i = int.Parse(count[1..]); i > 0; i--)
        {
            await reader.ReadLineAsync(_ending.Token);
            words.Add(await reader.ReadLineAsync(_ending.Token) ?? "");
        }
        return string.Join(' ', words);
    }
}
