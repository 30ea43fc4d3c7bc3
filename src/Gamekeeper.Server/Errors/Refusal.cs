using System.Globalization;
using System.Text.Json;
using Gamekeeper.Server.Requests;

namespace Gamekeeper.Server.Errors;

/// <summary>An answer that says no, as problem details. Every answer of 400 and above is one of these.</summary>
internal sealed class Refusal(ErrorCode code, string detail) : IResult, IStatusCodeHttpResult
{
    public ErrorCode Code { get; } = code;

    public string Detail { get; } = detail;

    /// <summary>By member or parameter: the limit and the shape of the value.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When to come back; null when coming back does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public int? StatusCode => Code.Status;

    public static Refusal OfField(ErrorCode code, string field, string problem) =>
        new(code, $"{field}: {problem}") { Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [problem] } };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Code.Status;
        response.ContentType = Problem.MediaType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (Code.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        var problem = new Problem(
            $"urn:gamekeeper:error:{Code.Code}",
            Code.Title,
            Code.Status,
            Detail,
            Code.Code,
            httpContext.RequestId(),
            Errors
        );
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, WireJson.Options);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
