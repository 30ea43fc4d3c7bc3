using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>Writes one thing once: sends it, to one node after the other, until its outcome is known.</summary>
internal sealed class Writing(Wire wire, History history)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BeforeNext = TimeSpan.FromMilliseconds(50);

    /// <summary>The thing is taken; it is released here.</summary>
    /// <returns>The node that acknowledged it; null when nobody did.</returns>
    public async Task<int?> RunAsync(Thing thing, int firstNode, Random random, CancellationToken cancellationToken)
    {
        var write = thing.Subject.Begin(wire.Now);
        var by = await SendUntilKnownAsync(thing, write, firstNode, random, cancellationToken);
        if (write.IsDone)
            await thing.FollowAsync(firstNode, cancellationToken);
        thing.Release();
        return by;
    }

    private async Task<int?> SendUntilKnownAsync(Thing thing, Written write, int node, Random random, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var message = thing.Spell(write);
            var answer = await wire.SendAsync(node, message, Within, cancellationToken);
            history.Add(new Sending(answer.Began, answer.Ended, (byte)node, IsWrite: true, answer.Failure));
            if (answer.Failure is null)
            {
                switch (thing.Read(write, answer))
                {
                    case WriteEnd.Acknowledged:
                        history.Acknowledge(write, answer.Ended, node, answer.IsReplay);
                        return node;
                    case WriteEnd.FoundDone:
                        write.FindDone();
                        return null;
                    default:
                        history.Add(new Oddity(answer.Ended, node, $"{message.Method} {message.RequestUri}", $"{answer.Status} {answer.Body}"));
                        return null;
                }
            }
            write.Lost(answer.Ended, node);
            if (wire.Clock.GetElapsedTime(write.Began) > Patience)
                return null;
            // At once to another one, since an early repeat is the sharpest; after that with a breath in between.
            node = (node + 1 + random.Next(wire.Nodes - 1)) % wire.Nodes;
            if (attempt > 1)
                await Task.Delay(BeforeNext, wire.Clock, cancellationToken);
        }
    }
}
