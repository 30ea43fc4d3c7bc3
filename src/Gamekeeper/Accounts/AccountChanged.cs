using Gamekeeper.Auditing;
using Gamekeeper.Outbox;
using Gamekeeper.Transactions;

namespace Gamekeeper.Accounts;

/// <summary>What every change of an account's public state leaves behind in its transaction.</summary>
internal static class AccountChanged
{
    public static void Enqueue(UnitOfWork unit, Account account, string action)
    {
        unit.Enqueue(new WriteOutbox<CoreSchema>([new(AccountProjections.Topic, account.Id.ToString(), account.Version, "{}")]));
        unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new(action, account.Id.ToString())));
    }
}
