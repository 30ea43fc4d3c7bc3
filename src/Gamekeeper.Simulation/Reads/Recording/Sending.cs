namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>A write that was sent, or a read that got no answer: what the availability is counted from, beside the answers themselves.</summary>
/// <param name="Began">Before the first byte went out.</param>
/// <param name="Ended">After the last byte had come in, or when it was given up.</param>
/// <param name="Node">To whom.</param>
/// <param name="IsWrite">A write.</param>
/// <param name="Failure">Null when it was answered.</param>
internal readonly record struct Sending(long Began, long Ended, byte Node, bool IsWrite, string? Failure);
