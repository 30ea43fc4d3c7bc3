using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Auditing;

/// <summary>Leans on idx_activity_log_user.</summary>
internal sealed record ActivitiesByActor(AuditPlace Place, ActivityQuestion.ByActor Question) : IQuery<ActivitiesByActor, ActivityEntry>
{
    public static string Sql =>
        """
        select
          schema_name, id, created_at, action, subject, succeeded, error_code, details::text,
          user_id, actor_kind, request_id, host(ip_address), user_agent
        from core.activity_trail
        where user_id = $6
          and created_at >= $4
          and created_at <= $1
          and (created_at, id, schema_name) < ($1, $2, $3)
        order by created_at desc, id desc, schema_name desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) => Place.Bind(parameters).Add(Question.ActorId);

    public static ActivityEntry Read(NpgsqlDataReader row) => ActivityRow.Read(row);
}

/// <summary>Leans on idx_activity_log_action.</summary>
internal sealed record ActivitiesByAction(AuditPlace Place, ActivityQuestion.ByAction Question) : IQuery<ActivitiesByAction, ActivityEntry>
{
    public static string Sql =>
        """
        select
          schema_name, id, created_at, action, subject, succeeded, error_code, details::text,
          user_id, actor_kind, request_id, host(ip_address), user_agent
        from core.activity_trail
        where action = $6
          and created_at >= $4
          and created_at <= $1
          and (created_at, id, schema_name) < ($1, $2, $3)
        order by created_at desc, id desc, schema_name desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) => Place.Bind(parameters).Add(Question.Action);

    public static ActivityEntry Read(NpgsqlDataReader row) => ActivityRow.Read(row);
}

/// <summary>Leans on idx_activity_log_created_at, which finds the blocks of a range and leaves the sorting to do.</summary>
internal sealed record ActivitiesInRange(AuditPlace Place) : IQuery<ActivitiesInRange, ActivityEntry>
{
    public static string Sql =>
        """
        select
          schema_name, id, created_at, action, subject, succeeded, error_code, details::text,
          user_id, actor_kind, request_id, host(ip_address), user_agent
        from core.activity_trail
        where created_at >= $4
          and created_at <= $1
          and (created_at, id, schema_name) < ($1, $2, $3)
        order by created_at desc, id desc, schema_name desc
        limit $5
        """;

    public void Bind(StatementParameters parameters) => Place.Bind(parameters);

    public static ActivityEntry Read(NpgsqlDataReader row) => ActivityRow.Read(row);
}

/// <summary>Counts a range; reads all of it, by idx_activity_log_created_at.</summary>
internal sealed record CountActivities(AuditRange Range) : IQuery<CountActivities, ActivityStatistics>
{
    public static string Sql =>
        """
        select action, count(*) filter (where succeeded), count(*) filter (where not succeeded)
        from core.activity_trail
        where created_at >= $1
          and created_at < $2
        group by action
        order by action
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Range.Start).Add(Range.End);

    public static ActivityStatistics Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2));
}

file static class ActivityRow
{
    public static ActivityEntry Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt64(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.GetString(3),
            Text(row, 4),
            row.GetBoolean(5),
            Text(row, 6),
            Text(row, 7),
            row.IsDBNull(8) ? null : row.GetGuid(8),
            Enum.Parse<ActorKind>(row.GetString(9), ignoreCase: true),
            row.GetGuid(10),
            Text(row, 11),
            Text(row, 12)
        );

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
