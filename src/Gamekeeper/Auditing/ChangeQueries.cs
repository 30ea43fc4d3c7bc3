using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Auditing;

// created_at <= $1 says again what the comparison of rows says: by it whole months are left out, which PostgreSQL does not conclude
// from the comparison. Each question has a statement of its own, since "$6 is null or …" would make a prepared plan that fits none.

/// <summary>Leans on idx_audit_log_table_record.</summary>
internal sealed record ChangesOfRecord(AuditPlace Place, ChangeQuestion.OfRecord Question) : IQuery<ChangesOfRecord, RecordChange>
{
    public static string Sql =>
        """
        select schema_name, id, created_at, table_name, record_id, action, old_values::text, new_values::text, user_id, actor_kind, request_id
        from core.audit_trail
        where schema_name = $6
          and table_name = $7
          and record_id = $8
          and created_at >= $4
          and created_at <= $1
          and (created_at, id, schema_name) < ($1, $2, $3)
        order by created_at desc, id desc, schema_name desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) =>
        Place.Bind(parameters).Add(Question.Schema).Add(Question.Table).Add(Question.RecordId);

    public static RecordChange Read(NpgsqlDataReader row) => ChangeRow.Read(row);
}

/// <summary>Leans on idx_audit_log_user.</summary>
internal sealed record ChangesByActor(AuditPlace Place, ChangeQuestion.ByActor Question) : IQuery<ChangesByActor, RecordChange>
{
    public static string Sql =>
        """
        select schema_name, id, created_at, table_name, record_id, action, old_values::text, new_values::text, user_id, actor_kind, request_id
        from core.audit_trail
        where user_id = $6
          and created_at >= $4
          and created_at <= $1
          and (created_at, id, schema_name) < ($1, $2, $3)
        order by created_at desc, id desc, schema_name desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) => Place.Bind(parameters).Add(Question.ActorId);

    public static RecordChange Read(NpgsqlDataReader row) => ChangeRow.Read(row);
}

/// <summary>Leans on idx_audit_log_created_at, which finds the blocks of a range and leaves the sorting to do.</summary>
internal sealed record ChangesInRange(AuditPlace Place, ChangeQuestion.InRange Question) : IQuery<ChangesInRange, RecordChange>
{
    public static string Sql =>
        """
        select schema_name, id, created_at, table_name, record_id, action, old_values::text, new_values::text, user_id, actor_kind, request_id
        from core.audit_trail
        where created_at >= $4
          and created_at <= $1
          and (created_at, id, schema_name) < ($1, $2, $3)
          and ($6::text is null or action = $6)
        order by created_at desc, id desc, schema_name desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) => Place.Bind(parameters).AddNullable(Question.Action);

    public static RecordChange Read(NpgsqlDataReader row) => ChangeRow.Read(row);
}

file static class ChangeRow
{
    public static RecordChange Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt64(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.IsDBNull(6) ? null : row.GetString(6),
            row.IsDBNull(7) ? null : row.GetString(7),
            row.IsDBNull(8) ? null : row.GetGuid(8),
            row.IsDBNull(9) ? null : Enum.Parse<ActorKind>(row.GetString(9), ignoreCase: true),
            row.IsDBNull(10) ? null : row.GetGuid(10)
        );
}
