using System.Text.Json;

namespace Gamekeeper.Server.Requests;

/// <summary>Stored JSON on its way out.</summary>
internal static class WireDocument
{
    /// <summary>The document itself; null stays null.</summary>
    public static JsonElement? Of(string? json)
    {
        if (json is null)
            return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
