using System.Net;
using System.Net.Sockets;
using Gamekeeper.Simulation.Reads.Relays;

namespace Gamekeeper.Tests.Simulation.Reads;

/// <summary>Against a server that sends back what it gets.</summary>
public sealed class RelayTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private readonly Relay _relay;
    private int _heard;

    public RelayTests()
    {
        _echo.Start();
        _ = EchoAsync();
        _relay = Relay.To(_echo.LocalEndpoint, TimeProvider.System);
    }

    [Fact]
    public async Task What_goes_in_comes_out()
    {
        using var client = await ConnectAsync();
        (await AskAsync(client, "one")).ShouldBe("one");
        (await AskAsync(client, "two")).ShouldBe("two");
    }

    [Fact]
    public async Task Held_requests_do_not_arrive_until_the_way_is_open_again()
    {
        using var client = await ConnectAsync();
        await AskAsync(client, "one");
        _relay.Requests.Hold();
        var asked = AskAsync(client, "two");
        (await EndsAsync(asked)).ShouldBeFalse();
        Volatile.Read(ref _heard).ShouldBe(3);
        _relay.Mend();
        (await asked.WaitAsync(Soon, TestContext.Current.CancellationToken)).ShouldBe("two");
    }

    [Fact]
    public async Task Held_answers_leave_the_request_done_and_its_answer_out()
    {
        using var client = await ConnectAsync();
        await AskAsync(client, "one");
        _relay.Answers.Hold();
        var asked = AskAsync(client, "two");
        await Harness.Soon.TrueAsync(() => Volatile.Read(ref _heard) == 6, "the request to arrive");
        (await EndsAsync(asked)).ShouldBeFalse();
        _relay.Mend();
        (await asked.WaitAsync(Soon, TestContext.Current.CancellationToken)).ShouldBe("two");
    }

    [Fact]
    public async Task What_is_cut_is_lost_with_what_was_held()
    {
        using var client = await ConnectAsync();
        await AskAsync(client, "one");
        _relay.Requests.Hold();
        var asked = AskAsync(client, "two");
        (await EndsAsync(asked)).ShouldBeFalse();
        _relay.Cut();
        (await asked.WaitAsync(Soon, TestContext.Current.CancellationToken)).ShouldBe("");
        _relay.Mend();
        using var next = await ConnectAsync();
        (await AskAsync(next, "new")).ShouldBe("new");
        Volatile.Read(ref _heard).ShouldBe(6, "the held one never came");
    }

    [Fact]
    public async Task A_watch_counts_also_what_is_torn_apart()
    {
        var seen = 0;
        _relay.Watch = new Watch("needle"u8.ToArray(), () => Interlocked.Increment(ref seen));
        using var client = await ConnectAsync();
        await AskAsync(client, "a needle, a nee");
        await AskAsync(client, "dle, nee");
        await AskAsync(client, "needle");
        seen.ShouldBe(3);
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _echo.Dispose();
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _relay.Port, TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task<string> AskAsync(TcpClient client, string text)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        var answer = new byte[bytes.Length];
        try
        {
            await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
            var read = await client.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
            return System.Text.Encoding.ASCII.GetString(answer, 0, read);
        }
        catch (IOException)
        {
            return "";
        }
    }

    // Nothing tells that nothing comes: for this one, a moment has to be waited.
    private static async Task<bool> EndsAsync(Task task) => await Task.WhenAny(task, Task.Delay(AWhile, TimeProvider.System)) == task;

    private async Task EchoAsync()
    {
        try
        {
            while (true)
                _ = EchoAsync(await _echo.AcceptSocketAsync());
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[1024];
            try
            {
                while (await socket.ReceiveAsync(buffer) is > 0 and var length)
                {
                    Interlocked.Add(ref _heard, length);
                    await socket.SendAsync(buffer.AsMemory(0, length));
                }
            }
            catch (SocketException)
            {
                // Cut.
            }
        }
    }
}
