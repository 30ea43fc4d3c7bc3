namespace Gamekeeper.Simulation.Proofs;

/// <summary>The database may forget what it has acknowledged; a proof on it would say nothing.</summary>
/// <param name="off">Settings that are not <c>on</c>, with their values.</param>
public sealed class NotDurableException(IReadOnlyList<(string Setting, string Value)> off)
    : Exception(
        "This PostgreSQL may forget a commit that it has acknowledged: "
        + string.Join(", ", off.Select(s => $"{s.Setting} is '{s.Value}'"))
        + ". A proof needs 'on' in each; nothing was proved.");
