using Gamekeeper.Accounts;

namespace Gamekeeper.Cli.Databases;

/// <summary>
/// Codes that sign the operator in once. Whoever may read the secrets of a home may become its operator, so each who asks here gets a
/// code of their own.
/// </summary>
internal static class OperatorCodes
{
    /// <param name="invocation">Whose home it is.</param>
    /// <param name="held">The database, where this process runs it; null where another one does.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<OneTimeCode> MakeAsync(Invocation invocation, PrivateDatabase? held, CancellationToken cancellationToken)
    {
        await using var reached = held is null ? await PrivateDatabase.StartAsync(invocation.Home, invocation.Clock, cancellationToken) : null;
        await using var gamekeeper = OpenedGamekeeper.On(held ?? reached!);
        return await gamekeeper.Get<OneTimeCodes>().CreateOperatorCodeAsync(cancellationToken);
    }
}
