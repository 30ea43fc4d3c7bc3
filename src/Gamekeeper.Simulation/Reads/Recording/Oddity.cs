namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>An answer that makes no sense for what was asked.</summary>
internal sealed record Oddity(long At, int Node, string Asked, string Found);
