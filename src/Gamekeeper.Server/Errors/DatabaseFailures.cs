using Npgsql;

namespace Gamekeeper.Server.Errors;

/// <summary>
/// What the database refuses is the request's fault, not the server's: known by SQLSTATE, told with the constraint's name, never
/// with PostgreSQL's own text, which may repeat the row.
/// </summary>
internal static class DatabaseFailures
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    /// <summary>The refusal of a failure; null when nobody foresaw it.</summary>
    public static Refusal? Of(Exception failure) =>
        failure switch
        {
            PostgresException p => OfState(p),
            GamekeeperException { Code: "transactions.unavailable" } g => new(DatabaseErrors.Unavailable, g.Message) { RetryAfter = Later },
            GamekeeperException { Code: "transactions.outcome-unknown" } g => new(DatabaseErrors.OutcomeUnknown, g.Message) { RetryAfter = Soon },
            NpgsqlException => new(DatabaseErrors.Unavailable, "PostgreSQL did not answer; nothing was changed. Try again later.") { RetryAfter = Later },
            _ => null,
        };

    private static Refusal? OfState(PostgresException failure) =>
        failure.SqlState switch
        {
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation => Named(DatabaseErrors.Duplicate, failure),
            PostgresErrorCodes.ForeignKeyViolation
            or PostgresErrorCodes.CheckViolation
            or PostgresErrorCodes.NotNullViolation
            or PostgresErrorCodes.RestrictViolation => Named(DatabaseErrors.Refused, failure),
            PostgresErrorCodes.InsufficientPrivilege => new(DatabaseErrors.Forbidden, "The row belongs to somebody else, or is never changed by anyone."),
            PostgresErrorCodes.QueryCanceled => new(DatabaseErrors.Timeout, "Ask for less, or try again later.") { RetryAfter = Soon },
            PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable
            // Raised by core.expect: fewer rows were there than the change was decided for.
            or "GK001" => new(DatabaseErrors.Conflict, "Read the state again and repeat the request.") { RetryAfter = Soon },
            PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.InvalidSchemaName
            or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.UndefinedFunction => new(
                DatabaseErrors.NotMigrated,
                $"The database lacks what this server leans on (SQLSTATE {failure.SqlState}); run gamekeeper migrate up."
            )
            {
                RetryAfter = Later,
            },
            // Class 22: a value that its type cannot hold.
            ['2', '2', ..] => new(DatabaseErrors.Value, $"A value does not fit its column (SQLSTATE {failure.SqlState})."),
            // Classes 08, 28, 3D, 53 and 57: connection, credentials of ours, no such database, resources, operator; a start in progress.
            ['0', '8', ..] or ['2', '8', ..] or ['3', 'D', ..] or ['5', '3', ..] or ['5', '7', ..] => new(DatabaseErrors.Unavailable, $"PostgreSQL does not serve at the moment (SQLSTATE {failure.SqlState}); nothing was changed.")
            {
                RetryAfter = Later,
            },
            _ => null,
        };

    private static Refusal Named(ErrorCode code, PostgresException failure) =>
        failure.ConstraintName is { Length: > 0 } constraint
            ? new(code with { Code = $"{code.Code}.{constraint}" }, $"Constraint {constraint} does not hold.")
            : new(code, $"Column {failure.ColumnName ?? "unknown"} must have a value.");
}
