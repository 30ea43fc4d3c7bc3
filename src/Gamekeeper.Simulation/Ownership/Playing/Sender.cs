using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>Sends requests and notes every sending with its times and its end.</summary>
internal sealed class Sender(IReadOnlyList<HttpClient> clients, Gates gates, InFlight inFlight, TimeProvider clock)
{
    // An outage takes seconds, and a server rides it out for a quarter of a minute: two minutes without an answer are a breach.
    private const int MostAttempts = 600;
    private static readonly TimeSpan BeforeNext = TimeSpan.FromMilliseconds(200);

    private int _turn;

    /// <summary>Sends it so often at once, to different servers, and goes on until the outcome is known.</summary>
    /// <returns>The success, if any sending had one; else the refusal; unknown when two minutes of repeats told nothing.</returns>
    public async Task<Reply> AskAsync(Request request, Person by, int copies, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => SendAsync(request, by, cancellationToken)));
        for (var attempt = 0; !request.IsSettled && attempt < MostAttempts; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(BeforeNext, clock, cancellationToken);
            await SendAsync(request, by, cancellationToken);
        }
        return request.Acknowledged ?? request.Sends[^1].Reply;
    }

    /// <summary>Sends it once more, whatever is known of it.</summary>
    public async Task<Reply> SendAsync(Request request, Person by, CancellationToken cancellationToken)
    {
        while (true)
        {
            var server = await gates.AnyAsync(Interlocked.Increment(ref _turn) & int.MaxValue, cancellationToken);
            var isWrite = request.Asked is not (Asked.Read or Asked.Verify);
            if (isWrite)
                inFlight.Sent(server);
            var began = clock.GetTimestamp();
            var reply = await ReplyAsync(request, by, clients[server], cancellationToken);
            var ended = clock.GetTimestamp();
            if (isWrite)
                inFlight.Ended(server, reply is Reply.Unknown);
            // A token that ran out: nothing was looked at, and nothing is to be noted.
            if (reply is Reply.Refused { Code: "authentication.refused" } && by.Password is not null && await SignInAsync(by, cancellationToken))
                continue;
            request.Add(new Send(began, ended, reply));
            return reply;
        }
    }

    /// <summary>Gets a token for a person.</summary>
    public async Task<bool> SignInAsync(Person person, CancellationToken cancellationToken)
    {
        var answer = await AnsweredAsync(() => Post("/v1/sessions", new { login = person.Name, password = person.Password }), cancellationToken);
        if (answer is not { } body)
            return false;
        person.Token = body.GetProperty("accessToken").GetString();
        person.Id = body.GetProperty("accountId").GetGuid();
        return true;
    }

    /// <summary>Something beside the history, until a server answers it.</summary>
    /// <returns>The body of a success; null when it was refused.</returns>
    /// <exception cref="TimeoutException">Two minutes of repeats told nothing.</exception>
    public async Task<JsonElement?> AnsweredAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var server = await gates.AnyAsync(attempt, cancellationToken);
            try
            {
                using var message = make();
                using var answer = await clients[server].SendAsync(message, cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return text.Length == 0 ? default(JsonElement) : JsonSerializer.Deserialize<JsonElement>(text);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    return null;
            }
            catch (Exception lost) when (IsLost(lost, cancellationToken))
            {
                // Asked again below.
            }
            await Task.Delay(BeforeNext, clock, cancellationToken);
        }
        throw new TimeoutException($"No server of the proof answered within {MostAttempts} attempts.");
    }

    /// <summary>A message with a JSON body.</summary>
    public static HttpRequestMessage Post(string path, object? body) => new(HttpMethod.Post, path) { Content = JsonContent.Create(body) };

    private static async Task<Reply> ReplyAsync(Request request, Person by, HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var message = Spelling.Of(request);
            if (by.Token is { } token && request.Asked is not Asked.SignUp)
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.SendAsync(message, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            var isReplay = answer.Headers.TryGetValues("Idempotency-Replayed", out var replayed) && replayed.Contains("true");
            return Spelling.Read(request.Asked, answer.StatusCode, text, isReplay);
        }
        catch (Exception lost) when (IsLost(lost, cancellationToken))
        {
            return new Reply.Unknown("connection lost");
        }
    }

    private static bool IsLost(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or IOException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested);
}
