namespace Gamekeeper.Simulation.Reads.Relays;

/// <summary>Counts how often some bytes pass towards the backend: an id that only one kind of statement names tells how often that was sent.</summary>
/// <param name="wanted">The bytes, in the order of the wire.</param>
/// <param name="seen">Told at once, before they are passed on.</param>
internal sealed class Watch(byte[] wanted, Action seen)
{
    /// <summary>Looks at a piece of the stream, together with the end of the piece before it.</summary>
    /// <returns>What is to be handed in with the next piece.</returns>
    public byte[] Look(byte[] before, ReadOnlySpan<byte> piece)
    {
        byte[] all = [.. before, .. piece];
        var from = 0;
        while (all.AsSpan(from).IndexOf(wanted) is >= 0 and var at)
        {
            seen();
            from += at + wanted.Length;
        }
        // Less than the whole, so that nothing counts twice.
        return all[Math.Max(from, all.Length - wanted.Length + 1)..];
    }
}
