using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Gamekeeper.Tests.Server.Fuzzing;

/// <summary>
/// Calls every operation of a document with hostile inputs, one fault at a time, as one caller, and judges each answer. Seeded: the same
/// seed asks the same questions in the same order.
/// </summary>
internal sealed class FuzzRun(ApiDocument document, string caller, HttpClient client, int every, int seed)
{
    private readonly WellFormed _good = new(document, new Random(seed));
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _reached = [];
    private static readonly string[] Before = ["request.", "authentication.", "authorization.", "idempotency.key-"];

    private const string Placeholder = "raw-json-goes-here";

    private int _requests;

    public int Requests => _requests;

    /// <summary>Answers that no server should give, each with the request that got it.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Operations that answered for themselves at least once: not only routing, authentication or limits did.</summary>
    public IReadOnlySet<string> Reached => _reached;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Who signs out has no more to say; that comes last.
        foreach (var operation in document.Operations().OrderBy(o => o.Id == "signOut"))
        {
            foreach (var make in Cases(operation).Where((_, i) => i % every == 0 || i < 3))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await AskAsync(operation, make());
            }
        }
    }

    private IEnumerable<Func<HttpRequestMessage>> Cases(ApiOperation operation)
    {
        for (var i = 0; i < 3; i++)
            yield return () => Good(operation);
        foreach (var parameter in operation.Parameters.Where(p => p.In is "path" or "query"))
        {
            foreach (var hostile in Hostile.Parameters)
                yield return () => Good(operation, parameter, hostile);
        }
        yield return () => Good(operation, extra: "surplus=1");
        yield return () => Good(operation, extra: "limit=0");
        yield return () => Good(operation, extra: "limit=1000000");
        yield return () => Good(operation, extra: "a=%00");
        if (operation.Parameters.Any(p => p.Name == "Idempotency-Key"))
        {
            yield return () => Without(Good(operation), "Idempotency-Key");
            yield return () => With(Without(Good(operation), "Idempotency-Key"), "Idempotency-Key", new string('k', 201));
            yield return () => With(Without(Good(operation), "Idempotency-Key"), "Idempotency-Key", "has a space");
        }
        if (operation.Parameters.Any(p => p.Name == "If-Match"))
        {
            foreach (var version in new[] { "", "*", "W/\"1\"", "\"1\", \"2\"", "-1", new string('9', 40) })
                yield return () => With(Without(Good(operation), "If-Match"), "If-Match", version);
            yield return () => Without(Good(operation), "If-Match");
        }
        if (operation.BodySchema is null)
            yield break;
        foreach (var body in Hostile.Bodies())
            yield return () => WithBody(Good(operation), body, operation.BodyMediaType!);
        foreach (var contentType in Hostile.ContentTypes)
        {
            yield return () =>
            {
                var request = Good(operation);
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
                return request;
            };
        }
        foreach (var member in Members(operation.BodySchema))
        {
            foreach (var hostile in Hostile.Members())
            {
                yield return () =>
                {
                    var body = _good.Value(operation.BodySchema) as JsonObject ?? [];
                    body[member] = hostile?.DeepClone();
                    return WithBody(Good(operation), Encoding.UTF8.GetBytes(body.ToJsonString()), operation.BodyMediaType!);
                };
            }
            foreach (var raw in Hostile.RawMembers)
            {
                yield return () =>
                {
                    var body = _good.Value(operation.BodySchema) as JsonObject ?? [];
                    body[member] = Placeholder;
                    var text = body.ToJsonString().Replace($"\"{Placeholder}\"", raw, StringComparison.Ordinal);
                    return WithBody(Good(operation), Encoding.UTF8.GetBytes(text), operation.BodyMediaType!);
                };
            }
        }
    }

    private static IEnumerable<string> Members(JsonObject schema) =>
        (schema["properties"] as JsonObject)?.Select(p => p.Key).Append("surplus") ?? ["surplus"];

    private HttpRequestMessage Good(ApiOperation operation, ApiParameter? hostile = null, string? value = null, string? extra = null)
    {
        var path = operation.Path;
        var query = new List<string>();
        foreach (var parameter in operation.Parameters)
        {
            var given = parameter == hostile ? value! : _good.Parameter(parameter.Schema);
            if (parameter.In == "path")
                path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(given), StringComparison.Ordinal);
            else if (parameter.In == "query" && (parameter == hostile || parameter.IsRequired))
                query.Add($"{parameter.Name}={Uri.EscapeDataString(given)}");
        }
        if (extra is not null)
            query.Add(extra);
        var request = new HttpRequestMessage(operation.Method, path + (query.Count > 0 ? "?" + string.Join('&', query) : ""));
        if (operation.Parameters.Any(p => p is { Name: "Idempotency-Key", In: "header" }))
            request.Headers.Add("Idempotency-Key", $"{caller}-{_requests}");
        if (operation.Parameters.Any(p => p is { Name: "If-Match", In: "header" }))
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        if (operation.BodySchema is { } schema)
            WithBody(request, Encoding.UTF8.GetBytes(_good.Value(schema)?.ToJsonString() ?? "null"), operation.BodyMediaType!);
        return request;
    }

    private static HttpRequestMessage WithBody(HttpRequestMessage request, byte[] body, string mediaType)
    {
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return request;
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string header, string value)
    {
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    private static HttpRequestMessage Without(HttpRequestMessage request, string header)
    {
        request.Headers.Remove(header);
        return request;
    }

    private async Task AskAsync(ApiOperation operation, HttpRequestMessage request)
    {
        _requests++;
        using (request)
        {
            using var answer = await client.SendAsync(request);
            var body = await answer.Content.ReadAsByteArrayAsync();
            if (Judge(answer, body) is { } fault)
                _faults.Add($"{caller}: {request.Method} {Shown(request)} → {(int)answer.StatusCode}: {fault}");
            if (IsOwnAnswer(answer, body))
                _reached.Add(operation.Id);
        }
    }

    private static string? Judge(HttpResponseMessage answer, byte[] body)
    {
        var status = (int)answer.StatusCode;
        if (status >= 500)
            return Encoding.UTF8.GetString(body);
        if (status < 400)
            return null;
        try
        {
            Answers.ShapeOfProblem(answer, System.Text.Json.JsonDocument.Parse(body).RootElement);
            return null;
        }
        catch (Exception failure) when (failure is System.Text.Json.JsonException or ShouldAssertException or KeyNotFoundException)
        {
            return $"not problem details: {Encoding.UTF8.GetString(body)} ({failure.Message})";
        }
    }

    // Refusals of these kinds come from before the handler.
    private static bool IsOwnAnswer(HttpResponseMessage answer, byte[] body)
    {
        if ((int)answer.StatusCode < 400)
            return true;
        var text = Encoding.UTF8.GetString(body);
        return !Before.Any(kind => text.Contains($"\"code\":\"{kind}", StringComparison.Ordinal));
    }

    private static string Shown(HttpRequestMessage request) => request.RequestUri!.ToString() is var uri && uri.Length > 200 ? uri[..200] + "…" : request.RequestUri!.ToString();
}
