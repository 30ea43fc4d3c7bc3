using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Harness.SampleGame;

internal sealed class SweepEmptyPurses(GameDatabase database, TimeProvider clock) : IJob
{
    public string Name => "sample_game.sweep-empty-purses";

    public string Purpose => "Removes purses with nothing in them.";

    public JobSchedule Schedule => new JobSchedule.Every(TimeSpan.FromHours(1));

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var swept = await database.WriteAsync(Actor.System(clock), (unit, ct) => unit.ListAsync(new DeleteEmpty(), ct), cancellationToken);
        return $"{swept.Count} purses swept";
    }
}

file sealed record DeleteEmpty : IQuery<DeleteEmpty, Guid>
{
    public static string Sql => "delete from sample_game.coins where amount = 0 returning id";

    public void Bind(StatementParameters parameters) { }

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}
