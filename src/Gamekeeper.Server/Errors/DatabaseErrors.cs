namespace Gamekeeper.Server.Errors;

/// <summary>What PostgreSQL can say that no verb has put into words of its own.</summary>
internal static class DatabaseErrors
{
    /// <summary>The constraint's name follows: <c>database.duplicate.accounts_username_key</c>.</summary>
    public static readonly ErrorCode Duplicate = new("database.duplicate", 409, "Something with the same unique value is there already.");

    /// <summary>The constraint's name follows.</summary>
    public static readonly ErrorCode Refused = new("database.refused", 422, "The database refused the change.");

    public static readonly ErrorCode Value = new("database.value", 422, "The database cannot hold a value of the request.");
    public static readonly ErrorCode Forbidden = new("database.forbidden", 403, "The database does not allow this change to this caller.");
    public static readonly ErrorCode Conflict = new("database.conflict", 409, "Another change came in between; the request can be repeated.");
    public static readonly ErrorCode Timeout = new("database.timeout", 503, "The database was stopped at the time limit of a statement.");
    public static readonly ErrorCode NotMigrated = new("database.not-migrated", 503, "The database is older than this server.");
    public static readonly ErrorCode Unavailable = new("transactions.unavailable", 503, "The database cannot be reached; nothing was changed.");

    public static readonly ErrorCode OutcomeUnknown = new(
        "transactions.outcome-unknown",
        503,
        "The database was lost while committing; the change may or may not have been made."
    );
}
