using System.Runtime.CompilerServices;
using Gamekeeper.Integrity;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Harness.SampleGame;

internal sealed class CoinsAreNeverNegative(GameDatabase database) : IInvariant
{
    public string Name => "sample_game.coins-not-negative";

    public string Promise => "No purse holds less than nothing.";

    public async IAsyncEnumerable<InvariantBreach> CheckAsync(int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (id, amount) in database.StreamAsync(new NegativePurses(limit), cancellationToken))
            yield return new InvariantBreach("sample_game.coins", id.ToString(), $"amount is {amount}, expected 0 or more");
    }
}

file sealed record NegativePurses(int Limit) : IQuery<NegativePurses, (Guid Id, long Amount)>
{
    public static string Sql => "select id, amount from sample_game.coins where amount < 0 order by id limit $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Limit);

    public static (Guid Id, long Amount) Read(NpgsqlDataReader row) => (row.GetGuid(0), row.GetInt64(1));
}
