using Gamekeeper.Seeding;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Harness.SampleGame;

internal sealed class SamplePurses(GameDatabase database, TimeProvider clock) : ISeed
{
    public string Name => "sample_game.purses";

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var made = await database.WriteAsync(Actor.System(clock), (unit, ct) => unit.ListAsync(new InsertPurses(), ct), cancellationToken);
        return $"3 purses: {made.Count} inserted";
    }
}

file sealed record InsertPurses : IQuery<InsertPurses, Guid>
{
    public static string Sql =>
        """
        insert into sample_game.coins (id, owner_id, amount)
        select ('00000000-0000-7000-8000-00000000000' || n)::uuid, '00000000-0000-7000-8000-0000000000ff', n * 100
        from generate_series(1, 3) n
        on conflict on constraint coins_pkey do nothing
        returning id
        """;

    public void Bind(StatementParameters parameters) { }

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
