using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gamekeeper.Simulation.Ownership.Recording;

namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>How what is asked goes over the wire, and how the answer is read.</summary>
internal static class Spelling
{
    public const string Grid = "/v1/summoners-grid";

    /// <summary>The one template that the proof's cards are copies of.</summary>
    public const string Template = "proof-of-ownership";

    public static HttpRequestMessage Of(Request request)
    {
        var (path, body) = request.Asked switch
        {
            Asked.SignUp up => ("/v1/accounts", new { username = up.Name, password = PasswordOf(up.Name) }),
            Asked.Mint mint => ($"{Grid}/cards", new { ownerId = mint.To, templateIds = Enumerable.Repeat(Template, mint.Count) }),
            Asked.Transfer { By: null } moved => ($"{Grid}/cards/{moved.Card}/transfer", new { from = moved.From, to = moved.To, method = "proof" }),
            Asked.Transfer gift => ($"{Grid}/cards/{gift.Card}/transfer", new { to = gift.To }),
            Asked.Propose p => ($"{Grid}/trades", new { targetId = p.To, offeredCards = p.Offered, requestedCards = p.Wanted, message = request.Key }),
            Asked.Accept accept => ($"{Grid}/trades/{accept.Trade}/accept", null),
            Asked.Decline decline => ($"{Grid}/trades/{decline.Trade}/decline", null),
            Asked.Cancel cancel => ($"{Grid}/trades/{cancel.Trade}/cancel", null),
            Asked.Read read => ($"{Grid}/cards/{read.Card}", null),
            Asked.Verify => ("/v1/ops/verify", (object?)null),
            var other => throw new System.Diagnostics.UnreachableException(other.Kind),
        };
        var message = new HttpRequestMessage(request.Asked is Asked.Read ? HttpMethod.Get : HttpMethod.Post, path);
        if (request.Asked.HasKey)
            message.Headers.Add("Idempotency-Key", request.Key);
        if (body is not null)
            message.Content = JsonContent.Create(body);
        return message;
    }

    /// <summary>Made up from the name: these servers live as long as the proof, and nothing else is on them.</summary>
    public static string PasswordOf(string name) => $"the password of {name}";

    public static Reply Read(Asked asked, HttpStatusCode status, string text, bool isReplay)
    {
        JsonElement body;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            // Cut off, or never ours: whatever it was, it tells nothing.
            return new Reply.Unknown($"{(int)status} without JSON");
        }
        if ((int)status is >= 200 and < 300)
            return Success(asked, body, isReplay);
        var code = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("code", out var told) ? told.GetString()! : "without a code";
        // The one refusal that only says "not now", and those which admit that they do not know.
        return status == HttpStatusCode.ServiceUnavailable || code == "database.conflict" ? new Reply.Unknown(code) : new Reply.Refused((int)status, code);
    }

    private static Reply.Done Success(Asked asked, JsonElement body, bool isReplay) =>
        asked switch
        {
            Asked.Mint => new(Id(body, "operationId"), [.. body.GetProperty("cardIds").EnumerateArray().Select(c => c.GetGuid())], IsReplay: isReplay),
            Asked.Transfer or Asked.Accept => new(Id(body, "operationId"), [], IsReplay: isReplay),
            Asked.Read => new(Id(body, "ownerId"), [], Events: body.GetProperty("events").GetInt32()),
            Asked.Verify => new(Guid.Empty, [], Finding: Finding(body)),
            _ => new(Id(body, "id"), [], IsReplay: isReplay),
        };

    private static string? Finding(JsonElement body) =>
        body.GetProperty("holds").GetBoolean()
            ? null
            : body.GetProperty("invariants").EnumerateArray().Where(i => !i.GetProperty("holds").GetBoolean())
                .Select(i => $"{i.GetProperty("name")} does not: {i.GetProperty("breaches")}").First();

    // An answer of success that lacks its id is one that names nothing: the checks find that nothing is there under it.
    private static Guid Id(JsonElement body, string member) =>
        body.TryGetProperty(member, out var id) && id.ValueKind == JsonValueKind.String ? id.GetGuid() : Guid.Empty;
}
