using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>Decides which failed write may be run again. "Transient" is not enough: a lost connection may have committed.</summary>
internal static class WriteRetry
{
    // The server rolled the transaction back and said so; running it again is what the manual asks for.
    private static readonly FrozenSet<string> RolledBack = new[]
    {
        PostgresErrorCodes.SerializationFailure,
        PostgresErrorCodes.DeadlockDetected,
        PostgresErrorCodes.LockNotAvailable,
    }.ToFrozenSet();

    // The server or the way to it went away. Nothing was kept unless COMMIT had been sent.
    private static readonly FrozenSet<string> ServerGone = new[]
    {
        PostgresErrorCodes.AdminShutdown,
        PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.CannotConnectNow,
        PostgresErrorCodes.ReadOnlySqlTransaction,
        "57P05", // idle session timeout
    }.ToFrozenSet();

    /// <summary>
    /// What the database said, where a failure comes from it: EF Core wraps that, up to twice. Null for every other failure, such as that
    /// of a file which the work reads.
    /// </summary>
    public static Exception? FromDatabase(Exception? failure) =>
        failure switch
        {
            NpgsqlException => failure,
            DbUpdateException or InvalidOperationException => FromDatabase(failure.InnerException),
            _ => null,
        };

    public static RetryVerdict Judge(Exception failure, bool commitSent, bool repeatable) =>
        failure switch
        {
            PostgresException p when RolledBack.Contains(p.SqlState) => RetryVerdict.RunAgain,
            // Two requests with one idempotency key met: the other has committed, and running again finds its outcome.
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "idempotency_keys_pkey" } =>
                RetryVerdict.RunAgain,
            PostgresException p when ServerGone.Contains(p.SqlState) || p.SqlState.StartsWith("08", StringComparison.Ordinal) =>
                Lost(commitSent, repeatable),
            PostgresException => RetryVerdict.Final,
            NpgsqlException => Lost(commitSent, repeatable),
            _ => RetryVerdict.Final,
        };

    /// <summary>The server or the way to it went away; what was only read can be read again.</summary>
    public static bool IsServerLost(NpgsqlException failure) =>
        Judge(failure, commitSent: false, repeatable: true) == RetryVerdict.ReconnectAndRunAgain;

    private static RetryVerdict Lost(bool commitSent, bool repeatable) =>
        !commitSent || repeatable ? RetryVerdict.ReconnectAndRunAgain : RetryVerdict.Unknown;
}

internal enum RetryVerdict
{
    /// <summary>The failure is the answer.</summary>
    Final,

    /// <summary>Run the work again at once on the same server.</summary>
    RunAgain,

    /// <summary>Wait for a server, then run the work again.</summary>
    ReconnectAndRunAgain,

    /// <summary>The commit may or may not have happened, and nothing tells; the caller must be told so.</summary>
    Unknown,
}
