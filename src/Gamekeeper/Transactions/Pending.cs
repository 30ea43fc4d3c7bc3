namespace Gamekeeper.Transactions;

/// <summary>The rows of a statement that waits to be sent; they are there after the next round trip.</summary>
public sealed class Pending<TRow>
{
    private List<TRow>? _rows;

    /// <summary>All rows, in the order the server sent them.</summary>
    /// <exception cref="InvalidOperationException">The statement has not been sent yet.</exception>
    public IReadOnlyList<TRow> Rows =>
        _rows ?? throw new InvalidOperationException("These rows have not been fetched: flush the unit of work first.");

    /// <summary>The first row, or the type's default when there is none.</summary>
    public TRow? FirstOrDefault => Rows.Count > 0 ? Rows[0] : default;

    internal void Fulfil(List<TRow> rows) => _rows = rows;
}
