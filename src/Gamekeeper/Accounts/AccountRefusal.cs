using Gamekeeper.Auditing;
using Gamekeeper.Transactions;

namespace Gamekeeper.Accounts;

/// <summary>Records a refused attempt in a transaction of its own: the one that refused was rolled back.</summary>
internal static class AccountRefusal
{
    public static Task RecordAsync(
        GameDatabase database,
        Actor actor,
        string action,
        Guid? subject,
        string errorCode,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            actor,
            (unit, _) =>
            {
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new(action, subject?.ToString(), errorCode)));
                return Task.CompletedTask;
            },
            cancellationToken
        );
}
