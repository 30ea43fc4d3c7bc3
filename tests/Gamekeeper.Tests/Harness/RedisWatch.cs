using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Gamekeeper.Tests.Harness;

/// <summary>
/// Reads along with everything that is sent to a Redis, whatever becomes of it there, and notes what must never be in a cache: passwords and
/// what is derived from them, tokens, e-mail and IP addresses.
/// </summary>
internal sealed partial class RedisWatch : IAsyncDisposable
{
    private const int Noted = 10;

    private readonly TcpClient _connection;
    private readonly ConcurrentQueue<string> _found = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _marks = new();
    private readonly Task _reading;
    private long _seen;

    private RedisWatch(TcpClient connection)
    {
        _connection = connection;
        _reading = ReadAsync(new StreamReader(connection.GetStream()));
    }

    /// <summary>Commands that were looked at.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>The commands that held something secret or personal, as Redis shows them; the first ten.</summary>
    public IReadOnlyCollection<string> Found => _found;

    public static async Task<RedisWatch> StartAsync(int port)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", port);
        await connection.GetStream().WriteAsync("MONITOR\r\n"u8.ToArray());
        return new RedisWatch(connection);
    }

    /// <summary>What in a command must not be there; null when nothing.</summary>
    public static string? Secret(string command) => Forbidden().Match(Escaped().Replace(command, " ")) is { Success: true } match ? match.Value : null;

    /// <summary>Returns once everything that was sent before has been read.</summary>
    public async Task CatchUpAsync(Func<string, Task> send)
    {
        var mark = $"mark-{Guid.CreateVersion7():N}";
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _marks[mark] = passed;
        await send(mark);
        await passed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _reading;
    }

    private async Task ReadAsync(StreamReader lines)
    {
        try
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                // `+1700000000.123456 [0 127.0.0.1:4711] "GET" "key"`: who sent it stands in brackets.
                var from = line.IndexOf("] \"", StringComparison.Ordinal);
                if (from < 0)
                    continue;
                Interlocked.Increment(ref _seen);
                var command = line[(from + 2)..];
                foreach (var (mark, passed) in _marks)
                    if (command.Contains(mark, StringComparison.Ordinal))
                        passed.TrySetResult();
                if (Ours().IsMatch(command) && Secret(command) is { } secret && _found.Count < Noted)
                    _found.Enqueue($"{secret}: {command[..Math.Min(command.Length, 400)]}");
            }
        }
        // The end of the server, or of the watch.
        catch (Exception end) when (end is IOException or ObjectDisposedException or SocketException) { }
    }

    // The passwords of the tests and of the seeds, hashes of the framework's password hasher, protected access tokens and service keys by their
    // beginnings, e-mail addresses under the domains that tests use, and IPv4 addresses: nothing that random bytes look like.
    [GeneratedRegex(
        """correct horse|password|hunter2|AQAAAA[A-Za-z0-9+/]{20}|CfDJ8|\bgk_[A-Za-z0-9_-]{16}|[A-Za-z0-9._%+-]{2,}@[A-Za-z0-9.-]{2,}\.(?:example|test|invalid|local|com|org|net)\b|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Forbidden();

    // The tests of the client keep all sorts of bytes under names of their own.
    [GeneratedRegex("\"(?:core|sg|sample|gk):", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Ours();

    // How Redis shows a byte that is no letter.
    [GeneratedRegex(@"\\x[0-9a-f]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped();
}
