using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gamekeeper.Simulation.Demo;

/// <summary>Talks HTTP and JSON to a server and knows nothing else of it. Waits when the server says that it is asked too often.</summary>
internal sealed class Wire(HttpClient client, Action<string> say, TimeProvider clock)
{
    public const string Grid = "/v1/summoners-grid";

    public Task<Answer> GetAsync(string path, string? token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, token, null, null, cancellationToken);

    public Task<Answer> PostAsync(string path, object? body, string? token, string? key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, token, body, key, cancellationToken);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? token, object? body, string? key, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(method, path);
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            using var response = await client.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.TooManyRequests && response.Headers.RetryAfter?.Delta is { } wait)
            {
                say($"   (The server answers so many requests a minute and no more; going on in {wait.TotalSeconds:0} s.)");
                await Task.Delay(wait, clock, cancellationToken);
                continue;
            }
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            var isReplay = response.Headers.TryGetValues("Idempotency-Replayed", out var replayed) && replayed.Contains("true");
            return new Answer($"{method} {path}", response.StatusCode, Parse(text), isReplay);
        }
    }

    private static JsonElement Parse(string text)
    {
        if (text.Length == 0)
            return default;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
