using System.Text;
using System.Text.Json;
using Gamekeeper.Integrity;

namespace Gamekeeper.SummonersGrid.Ownership;

/// <summary>The free data of an event: a small JSON object whose spelling can be fixed, so that it can be hashed.</summary>
internal static class FreeData
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Problem(string json, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(json) > maxBytes)
            return $"is longer than {maxBytes} bytes";
        try
        {
            var canonical = CanonicalJson.Of(json);
            return canonical.StartsWith('{') ? null : "is not a JSON object";
        }
        catch (JsonException)
        {
            return "is not JSON";
        }
        catch (ArgumentException failure)
        {
            return $"cannot be signed: {failure.Message}";
        }
    }
}
