using System.Diagnostics;
using Gamekeeper.Telemetry;
using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>
/// Statements wait here and travel together: whatever is enqueued rides with the next statement whose rows are awaited, in one
/// round trip and in order. Not safe for use by two callers at once.
/// </summary>
public abstract class StatementQueue
{
    private readonly NpgsqlConnection _connection;
    private readonly RoundTripObserver _observer;
    private NpgsqlBatch? _batch;
    private readonly List<IPending> _readers = [];
    private string? _lastName;

    private protected StatementQueue(NpgsqlConnection connection, RoundTripObserver observer) =>
        (_connection, _observer) = (connection, observer);

    private protected NpgsqlConnection Connection => _connection;

    private protected RoundTripObserver Observer => _observer;

    /// <summary>True while something waits to be sent.</summary>
    public bool HasWaiting => _batch is not null;

    /// <summary>Lets a statement without rows ride with the next round trip.</summary>
    public void Enqueue<TStatement>(IStatement<TStatement> statement)
        where TStatement : IStatement<TStatement> => Append(statement, null);

    /// <summary>Lets a statement ride with the next round trip; its rows are there afterwards.</summary>
    public Pending<TRow> Enqueue<TQuery, TRow>(IQuery<TQuery, TRow> query)
        where TQuery : IQuery<TQuery, TRow>
    {
        var pending = new Pending<TRow>(RowReader<TQuery, TRow>.Read);
        Append(query, pending);
        return pending;
    }

    /// <summary>Sends everything that waits and this query, in one round trip.</summary>
    public async Task<IReadOnlyList<TRow>> ListAsync<TQuery, TRow>(IQuery<TQuery, TRow> query, CancellationToken cancellationToken)
        where TQuery : IQuery<TQuery, TRow>
    {
        var pending = Enqueue(query);
        await FlushAsync(cancellationToken);
        return pending.Rows;
    }

    /// <summary>Sends everything that waits and this query, in one round trip; the first row, or default when there is none.</summary>
    public async Task<TRow?> FirstAsync<TQuery, TRow>(IQuery<TQuery, TRow> query, CancellationToken cancellationToken)
        where TQuery : IQuery<TQuery, TRow>
    {
        var pending = Enqueue(query);
        await FlushAsync(cancellationToken);
        return pending.FirstOrDefault;
    }

    /// <summary>Sends everything that waits, in one round trip. Nothing waiting: nothing is sent.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch is not { } batch)
            return;
        var name = _lastName!;
        var started = Stopwatch.GetTimestamp();
        _batch = null;
        try
        {
            await using (batch)
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
                await ReadAllAsync(reader, cancellationToken);
            _observer.Sent(name, Stopwatch.GetElapsedTime(started), failure: null);
        }
        catch (Exception failure)
        {
            _observer.Sent(name, Stopwatch.GetElapsedTime(started), failure);
            throw;
        }
        finally
        {
            _readers.Clear();
        }
    }

    private protected void AppendText(string text)
    {
        _batch ??= _connection.CreateBatch();
        _batch.BatchCommands.Add(new NpgsqlBatchCommand(text));
        _lastName ??= text;
    }

    private void Append<TStatement>(IStatement<TStatement> statement, IPending? pending)
        where TStatement : IStatement<TStatement>
    {
        _batch ??= _connection.CreateBatch();
        var command = new NpgsqlBatchCommand(StatementName<TStatement>.Text);
        statement.Bind(new StatementParameters(command.Parameters));
        _batch.BatchCommands.Add(command);
        _lastName = StatementName<TStatement>.Name;
        if (pending is not null)
            _readers.Add(pending);
    }

    // Npgsql steps over commands without a result set, so result sets and readers pair up in order; a statement declared without
    // rows that returns some would shift every later one, which is why a surplus is an error and not ignored.
    private async Task ReadAllAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _readers.Count; i++)
        {
            if (i > 0 && !await reader.NextResultAsync(cancellationToken))
                throw new InvalidOperationException("A query of this batch returned no result set; is it declared as IQuery by mistake?");
            await _readers[i].FetchAsync(reader, cancellationToken);
        }
        if (_readers.Count == 0 ? reader.FieldCount > 0 : await reader.NextResultAsync(cancellationToken))
            throw new InvalidOperationException("A statement of this batch returned rows that nobody reads; declare it as IQuery.");
    }

    // One delegate a statement, made once.
    private static class RowReader<TQuery, TRow>
        where TQuery : IQuery<TQuery, TRow>
    {
        public static readonly Func<NpgsqlDataReader, TRow> Read = TQuery.Read;
    }
}
