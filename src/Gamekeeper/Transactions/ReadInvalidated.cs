using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>What triggers wrote down in this transaction for caches to drop; rides with the commit.</summary>
internal sealed record ReadInvalidated : IQuery<ReadInvalidated, string>
{
    // A setting that was once set on a pooled connection comes back as an empty string, not as null.
    public static string Sql => "select coalesce(current_setting('app.invalidated', true), '')";

    public void Bind(StatementParameters parameters) { }

    public static string Read(NpgsqlDataReader row) => row.GetString(0);
}
