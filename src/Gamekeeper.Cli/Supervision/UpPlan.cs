using System.Globalization;

namespace Gamekeeper.Cli.Supervision;

/// <summary>What an <c>up</c> was asked for.</summary>
/// <param name="Port">Null to choose one.</param>
/// <param name="Seed">Write the development data.</param>
/// <param name="Unattended">Nobody reads what it prints.</param>
internal sealed record UpPlan(int? Port, bool Seed, bool Unattended)
{
    /// <summary>The same as arguments.</summary>
    public IReadOnlyList<string> Arguments() =>
    [
        .. Port is { } port ? new[] { "--port", port.ToString(CultureInfo.InvariantCulture) } : [],
        .. Seed ? Array.Empty<string>() : ["--no-seed"],
    ];
}
