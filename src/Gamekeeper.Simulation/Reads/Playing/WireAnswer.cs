using System.Text.Json;
using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>How one sending ended.</summary>
/// <param name="Began">Before the first byte went out.</param>
/// <param name="Ended">After the last byte had come in, or when it was given up.</param>
/// <param name="Status">Of HTTP; 0 when nothing came.</param>
/// <param name="Body">What came.</param>
/// <param name="Source">Where the answer says that it came from.</param>
/// <param name="IsReplay">An earlier sending did it.</param>
/// <param name="Failure">Why it is unknown what became of it; null when it is known.</param>
internal readonly record struct WireAnswer(long Began, long Ended, int Status, JsonElement Body, Source Source, bool IsReplay, string? Failure)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The published code of a refusal.</summary>
    public string Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString()! : "without a code";
}
