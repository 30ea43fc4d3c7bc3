using System.Threading.Channels;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>
/// Those who are told of a write and look at once, on the nodes that did not tell: no read is sharper. Each node has its own, so that whoever
/// asked one that stands still waits there alone; what nobody has time for is left.
/// </summary>
internal sealed class Lookers(Wire wire, Cast cast, Reading reading)
{
    private const int OfANode = 6;

    private readonly Channel<Look>[] _told =
    [
        .. Enumerable.Range(0, wire.Nodes).Select(_ => Channel.CreateBounded<Look>(new BoundedChannelOptions(OfANode) { FullMode = BoundedChannelFullMode.DropOldest })),
    ];

    /// <summary>All of them, until told to end.</summary>
    public IEnumerable<Task> Run(CancellationToken ending, CancellationToken cancellationToken) =>
        _told.SelectMany((told, node) => Enumerable.Range(0, OfANode).Select(_ => LookAsync(told.Reader, node, ending, cancellationToken)));

    /// <summary>Something was acknowledged by a node.</summary>
    public void Tell(Thing thing, int by)
    {
        // A session that was signed out is looked at by reading something with it.
        var look = thing is Slot { Former: { } former } ? new Look(cast.Things[^1], former) : thing is ReadableThing readable ? new Look(readable, null) : default;
        for (var node = 0; look.Thing is not null && node < _told.Length; node++)
            if (node != by)
                _told[node].Writer.TryWrite(look);
    }

    private async Task LookAsync(ChannelReader<Look> told, int node, CancellationToken ending, CancellationToken cancellationToken)
    {
        while (!ending.IsCancellationRequested)
        {
            var ready = told.WaitToReadAsync(ending).AsTask();
            await ((Task)ready).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (!ending.IsCancellationRequested && told.TryRead(out var look))
                await reading.RunAsync(look.Thing, look.Thing.Paths[0], look.Session ?? cast.Slots[node % cast.Slots.Count].Current, node, cancellationToken);
        }
    }

    private readonly record struct Look(ReadableThing Thing, ReadingSession? Session);
}
