using System.Text.Json;

namespace Gamekeeper.Simulation.Demo;

/// <summary>A player of the story.</summary>
/// <param name="Name">As the story calls them.</param>
/// <param name="Id">Their account.</param>
/// <param name="Token">Their access token.</param>
internal sealed record Person(string Name, string Id, string Token)
{
    /// <summary>What they hold, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> CardsAsync(Wire wire, CancellationToken cancellationToken)
    {
        var answer = await wire.GetAsync($"{Wire.Grid}/players/{Id}/cards?limit=100", Token, cancellationToken);
        return [.. answer.Granted().GetProperty("items").EnumerateArray()];
    }
}
