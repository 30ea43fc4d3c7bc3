using System.Net;
using System.Text.Json;

namespace Gamekeeper.Simulation.Demo;

/// <summary>One reply of the server, as anyone outside sees it.</summary>
/// <param name="Asked">Method and path.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON body; an undefined element when there is none.</param>
/// <param name="IsReplay">The server says that the effect was there already.</param>
internal sealed record Answer(string Asked, HttpStatusCode Status, JsonElement Body, bool IsReplay)
{
    /// <summary>The body, when this is a success.</summary>
    /// <exception cref="BrokenPromiseException">It is a refusal.</exception>
    public JsonElement Granted() =>
        (int)Status is >= 200 and < 300 ? Body : throw new BrokenPromiseException($"{Asked} was to succeed and was answered {(int)Status}: {Body}");

    /// <summary>Returns when the server refused with one of these codes.</summary>
    /// <exception cref="BrokenPromiseException">It refused otherwise, or not at all.</exception>
    public void Refused(params IReadOnlyList<string> codes)
    {
        var given = Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var found) ? found.GetString() : null;
        if ((int)Status is < 400 or >= 500 || given is null || !codes.Contains(given))
            throw new BrokenPromiseException($"{Asked} was to be refused with {string.Join(" or ", codes)} and was answered {(int)Status}: {Body}");
    }

    /// <summary>A text member of a success.</summary>
    public string Text(string member) => Granted().GetProperty(member).GetString()!;
}
