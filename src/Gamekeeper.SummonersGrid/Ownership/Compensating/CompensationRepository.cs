using Gamekeeper.Transactions;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>Plans as they were made, and what became of them.</summary>
public sealed class CompensationRepository(GameDatabase database)
{
    /// <summary>One plan; null when there is none.</summary>
    /// <exception cref="GamekeeperException"><c>compensations.altered</c>: what is stored is not what was shown.</exception>
    public Task<Compensation?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        database.FirstAsync(new FindPlan(id), cancellationToken);
}
