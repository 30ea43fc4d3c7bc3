namespace Gamekeeper.Simulation.Reads.Recording;

/// <summary>One answer to a read. A million of them are kept, so it is small.</summary>
/// <param name="Began">Before the first byte went out, by the monotonic clock of the proof.</param>
/// <param name="Ended">After the last byte had come in.</param>
/// <param name="Subject">Number of the subject.</param>
/// <param name="Value">What it said.</param>
/// <param name="Node">Who said it.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="IsSecond">It says something of a second subject, and the same answer is noted under the first already.</param>
internal readonly record struct Seen(long Began, long Ended, int Subject, int Value, byte Node, Source Source, bool IsSecond);
