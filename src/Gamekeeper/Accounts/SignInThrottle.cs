using System.Text;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>
/// Counts failed attempts in PostgreSQL, so that all nodes count together. A wave of guesses that started while there was room is
/// counted as it ends, and a right guess is looked at only while there still is room: of any wave, at most the limit is evaluated.
/// </summary>
public sealed class SignInThrottle(IOptions<AccountOptions> options, MasterKeys masterKeys, TimeProvider clock)
{
    // Under which a login counts, in its normal form, whether or not it is anybody's. An account that changes its password counts under
    // its own id, so that guesses of strangers do not keep its owner from doing so.
    internal Guid SubjectOf(string login) =>
        new(masterKeys.Mac(masterKeys.ActiveId, "sign-in-subject", Encoding.UTF8.GetBytes(login)).AsSpan(0, 16));

    /// <summary>Until when the subject must wait; null when it may try.</summary>
    internal async Task<DateTimeOffset?> BlockedUntilAsync(GameDatabase database, Guid subject, CancellationToken cancellationToken) =>
        Until(await database.FirstAsync(Blocked(subject), cancellationToken));

    /// <summary>Lets a look at the count ride with the next round trip, and forgets failures that no longer count.</summary>
    internal Pending<DateTimeOffset?> EnqueueSuccess(UnitOfWork unit, Guid subject)
    {
        unit.Enqueue(new ForgetFailures(subject, options.Value.MaxSignInFailures, WindowStart));
        return unit.Enqueue(Blocked(subject));
    }

    /// <summary>Until when the subject must wait, from what <see cref="EnqueueSuccess"/> found.</summary>
    internal DateTimeOffset? Until(Pending<DateTimeOffset?> found) => Until(found.FirstOrDefault);

    /// <summary>Counts a failure; until when the subject must wait if this was beyond the limit.</summary>
    internal async Task<DateTimeOffset?> FailedAsync(UnitOfWork unit, Guid subject, CancellationToken cancellationToken)
    {
        var (failures, since) = await unit.FirstAsync(new CountFailure(subject, clock.GetUtcNow(), WindowStart), cancellationToken);
        return failures > options.Value.MaxSignInFailures ? Until(since) : null;
    }

    private DateTimeOffset WindowStart => clock.GetUtcNow() - options.Value.SignInFailureWindow;

    private FindBlock Blocked(Guid subject) => new(subject, options.Value.MaxSignInFailures, WindowStart);

    private DateTimeOffset? Until(DateTimeOffset? since) => since + options.Value.SignInFailureWindow;
}

internal sealed record FindBlock(Guid Subject, int Max, DateTimeOffset WindowStart) : IQuery<FindBlock, DateTimeOffset?>
{
    public static string Sql =>
        """
        select window_started_at
        from core.sign_in_failures
        where subject = $1
          and failures >= $2
          and window_started_at > $3
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Subject).Add(Max).Add(WindowStart);

    public static DateTimeOffset? Read(NpgsqlDataReader row) => row.GetFieldValue<DateTimeOffset>(0);
}

file sealed record ForgetFailures(Guid Subject, int Max, DateTimeOffset WindowStart) : IStatement<ForgetFailures>
{
    public static string Sql =>
        """
        delete from core.sign_in_failures
        where subject = $1
          and (failures < $2 or window_started_at <= $3)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Subject).Add(Max).Add(WindowStart);
}

file sealed record CountFailure(Guid Subject, DateTimeOffset Now, DateTimeOffset WindowStart)
    : IQuery<CountFailure, (int Failures, DateTimeOffset Since)>
{
    // A window that is over starts anew with this failure.
    public static string Sql =>
        """
        insert into core.sign_in_failures as f (subject, window_started_at, failures)
        values ($1, $2, 1)
        on conflict (subject) do update set
          failures = case when f.window_started_at <= $3 then 1 else least(f.failures + 1, 1000000) end,
          window_started_at = case when f.window_started_at <= $3 then excluded.window_started_at else f.window_started_at end
        returning failures, window_started_at
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Subject).Add(Now).Add(WindowStart);

    public static (int Failures, DateTimeOffset Since) Read(NpgsqlDataReader row) =>
        (row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1));
}
