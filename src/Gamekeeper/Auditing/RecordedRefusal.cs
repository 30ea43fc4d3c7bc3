using Gamekeeper.Transactions;

namespace Gamekeeper.Auditing;

/// <summary>Refusals that leave one trace: a line in the activity log.</summary>
public static class RecordedRefusal
{
    /// <summary>
    /// Ends the work with a refusal. Only <paramref name="activity"/> is written and committed; nothing else may have been written or
    /// enqueued before.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something waits to be written; a refusal changes nothing.</exception>
    public static TOutcome RefuseRecorded<TSchema, TOutcome>(this UnitOfWork unit, TOutcome outcome, Activity activity)
        where TSchema : ISchemaOwner
    {
        if (unit.HasWaiting)
            throw new InvalidOperationException("A refusal comes before anything is enqueued that would be written.");
        unit.Enqueue(new WriteActivity<TSchema>(unit.Actor, activity));
        return outcome;
    }
}
