using Gamekeeper.Paging;
using Gamekeeper.Transactions;

namespace Gamekeeper.Auditing;

/// <summary>
/// Where a page begins. Ids are counted in each schema by itself, so the schema's name makes the order total. The first page begins at the
/// end of the range, below every row of that instant, which makes the end exclusive with one and the same statement.
/// </summary>
internal sealed record AuditPlace(DateTimeOffset At, long Id, string Schema, DateTimeOffset From, int Rows)
{
    public static readonly string[] Columns = ["created_at", "id", "schema_name"];

    public static AuditPlace First(AuditRange range, PageSize size) => new(range.End, long.MinValue, "", range.Start, size.RowsToRead);

    public static AuditPlace After(IReadOnlyList<CursorValue> last, AuditRange range, PageSize size) =>
        new(last[0].Instant, last[1].Long, last[2].Text, range.Start, size.RowsToRead);

    /// <summary>$1 to $5 of every query.</summary>
    public StatementParameters Bind(StatementParameters parameters) => parameters.Add(At).Add(Id).Add(Schema).Add(From).Add(Rows);
}
