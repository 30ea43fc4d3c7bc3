namespace Gamekeeper.Simulation.Ownership.Recording;

/// <summary>One sending of a request.</summary>
/// <param name="Began">Before the first byte went out, by the monotonic clock.</param>
/// <param name="Ended">After the last byte had come in, or the connection was gone.</param>
/// <param name="Reply">What came.</param>
internal sealed record Send(long Began, long Ended, Reply Reply);
