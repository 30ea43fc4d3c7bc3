namespace Gamekeeper.Simulation.Demo;

/// <summary>The story took a turn it must not take: what was expected, and what came instead.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message);
