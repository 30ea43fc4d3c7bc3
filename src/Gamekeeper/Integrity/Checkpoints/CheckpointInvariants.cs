using System.Runtime.CompilerServices;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>All checkpoints, against each other and the store.</summary>
internal sealed class CheckpointChainHolds(CheckChain check) : IInvariant
{
    public string Name => "core.checkpoint-chain";

    public string Promise => "Checkpoints follow each other, are signed by our keys, and are the same in the database and in the object store.";

    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var breach in await check.RunAsync(1, limit, cancellationToken))
            yield return breach;
    }
}

/// <summary>All checkpoints, against all rows.</summary>
internal sealed class CheckpointRowsHold(CheckRows check) : IInvariant
{
    public string Name => "core.checkpoint-rows";

    public string Promise => "Every row of a history or audit log that a checkpoint covers is there as it was, and none was slipped in.";

    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var breach in await check.RunAsync(1, limit, cancellationToken))
            yield return breach;
    }
}
