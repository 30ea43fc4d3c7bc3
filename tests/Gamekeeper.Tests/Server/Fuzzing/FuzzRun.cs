using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Gamekeeper.Tests.Server.Fuzzing;

/// <summary>
/// Calls every operation of a document with hostile inputs, one fault at a time, as several callers, and judges each answer. Seeded:
/// the same seed asks the same questions in the same order.
/// </summary>
internal sealed class FuzzRun(ApiDocument document, IReadOnlyDictionary<string, HttpClient> callers, int seed)
{
    private readonly WellFormed _good = new(document, new Random(seed));
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _reached = [];

    public int Requests { get; private set; }

    /// <summary>Answers that no server should give, each with the request that got it.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Operations that answered for themselves at least once: not only routing, authentication or limits did.</summary>
    public IReadOnlySet<string> Reached => _reached;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var operation in document.Operations())
        {
            foreach (var (caller, client) in callers)
            {
                foreach (var make in Cases(operation))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await AskAsync(operation, caller, client, make());
                }
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
        if (operation.BodySchema is null)
            yield break;
        foreach (var body in Hostile.Bodies())
            yield return () => WithBody(Good(operation), body, operation.BodyMediaType!);
        yield return () => WithBody(Good(operation), "{}"u8.ToArray(), "text/plain");
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
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(Requests)).ToString());
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

    private async Task AskAsync(ApiOperation operation, string caller, HttpClient client, HttpRequestMessage request)
    {
        Requests++;
        using (request)
        {
            using var answer = await client.SendAsync(request);
            var body = await answer.Content.ReadAsByteArrayAsync();
            if (Judge(answer, body) is { } fault)
                _faults.Add($"{caller}: {request.Method} {Shown(request)} → {(int)answer.StatusCode}: {fault}");
            if (IsOwnAnswer(answer.StatusCode) && !Encoding.UTF8.GetString(body).Contains("request.no-such-route", StringComparison.Ordinal))
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

    private static bool IsOwnAnswer(HttpStatusCode status) =>
        status
            is not (
                HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.MethodNotAllowed
                or HttpStatusCode.UnsupportedMediaType
                or HttpStatusCode.BadRequest
            );

    private static string Shown(HttpRequestMessage request) => request.RequestUri!.ToString() is var uri && uri.Length > 200 ? uri[..200] + "…" : request.RequestUri!.ToString();
}
