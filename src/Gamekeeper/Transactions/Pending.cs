using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>The rows of a statement that waits to be sent; they are there after the next round trip.</summary>
public sealed class Pending<TRow> : IPending
{
    private readonly Func<NpgsqlDataReader, TRow> _read;
    private List<TRow>? _rows;

    internal Pending(Func<NpgsqlDataReader, TRow> read) => _read = read;

    /// <summary>All rows, in the order the server sent them.</summary>
    /// <exception cref="InvalidOperationException">The statement has not been sent yet.</exception>
    public IReadOnlyList<TRow> Rows =>
        _rows ?? throw new InvalidOperationException("These rows have not been fetched: flush the unit of work first.");

    /// <summary>The first row, or the type's default when there is none.</summary>
    public TRow? FirstOrDefault => Rows.Count > 0 ? Rows[0] : default;

    async ValueTask IPending.FetchAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(_read(reader));
        _rows = rows;
    }
}

/// <summary>What the queue sees of rows that are waited for.</summary>
internal interface IPending
{
    /// <summary>Reads the result set the reader stands on.</summary>
    ValueTask FetchAsync(NpgsqlDataReader reader, CancellationToken cancellationToken);
}
