using Gamekeeper.Telemetry;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>
/// One transaction on the primary, from <see cref="GameDatabase.WriteAsync{T}(Actor, Func{UnitOfWork, CancellationToken, Task{T}}, CancellationToken)"/>.
/// BEGIN and the actor ride with the first round trip, COMMIT with the last: a verb that locks, decides and writes costs two.
/// </summary>
public sealed class UnitOfWork : StatementQueue
{
    private readonly NpgsqlTransaction _transaction;
    private readonly List<Func<CancellationToken, Task>> _afterCommit = [];

    internal UnitOfWork(NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, RoundTripObserver observer)
        : base(connection, observer)
    {
        _transaction = transaction;
        Actor = actor;
        Enqueue(new SetActor(actor));
    }

    /// <summary>Who acts in this transaction.</summary>
    public Actor Actor { get; }

    /// <summary>
    /// True once the work has said that running it again gives the same effect once (it carries an idempotency key): then even a
    /// commit whose answer was lost is repeated.
    /// </summary>
    public bool IsRepeatable { get; private set; }

    internal bool IsRefused { get; private set; }

    internal bool IsFoundDone { get; private set; }

    /// <summary>What the transaction made old in caches, as the schemas' <c>invalidate</c> wrote it down; empty when nothing.</summary>
    internal string Invalidated { get; private set; } = "";

    internal bool CommitSent { get; private set; }

    /// <summary>States that the whole work may be run again after a commit whose answer was lost.</summary>
    public void MarkRepeatable() => IsRepeatable = true;

    /// <summary>Ends the work without effect: the transaction is rolled back and <paramref name="outcome"/> is the answer.</summary>
    public TOutcome Refuse<TOutcome>(TOutcome outcome)
    {
        IsRefused = true;
        return outcome;
    }

    /// <summary>
    /// States that what was asked for was done before, or may have been, and that the answer says it is done. Caches that were not told of
    /// it yet, since its writer died, are told before this is answered.
    /// </summary>
    public void FoundDone() => IsFoundDone = true;

    /// <summary>Ends the work without effect, because an earlier request had it: <paramref name="outcome"/> tells of that one.</summary>
    public TOutcome Replay<TOutcome>(TOutcome outcome)
    {
        FoundDone();
        return Refuse(outcome);
    }

    /// <summary>Runs after the commit, once, in the order given. A failure here cannot undo the commit and reaches the caller.</summary>
    public void AfterCommit(Func<CancellationToken, Task> action) => _afterCommit.Add(action);

    /// <summary>
    /// An EF Core context of this transaction. What waits in the queue is sent first, so that both see one order of events.
    /// Call SaveChangesAsync on it before the work returns.
    /// </summary>
    public async Task<TContext> ContextAsync<TContext>(
        Func<DbContextOptions<TContext>, TContext> create,
        CancellationToken cancellationToken
    )
        where TContext : DbContext
    {
        await FlushAsync(cancellationToken);
        var options = new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(Connection)
            .AddInterceptors(new ObservedCommands(Observer, typeof(TContext).Name))
            .Options;
        var context = create(options);
        await context.Database.UseTransactionAsync(_transaction, cancellationToken);
        return context;
    }

    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        if (IsRefused)
        {
            await _transaction.RollbackAsync(cancellationToken);
            return;
        }
        cancellationToken.ThrowIfCancellationRequested();
        // From here on the outcome is the server's to tell: giving up now would leave the caller not knowing.
        CommitSent = true;
        var invalidated = Enqueue(new ReadInvalidated());
        AppendText("commit");
        await FlushAsync(CancellationToken.None);
        Invalidated = invalidated.FirstOrDefault ?? "";
    }

    internal async Task RunAfterCommitAsync(CancellationToken cancellationToken)
    {
        if (IsRefused)
            return;
        foreach (var action in _afterCommit)
            await action(cancellationToken);
    }
}
