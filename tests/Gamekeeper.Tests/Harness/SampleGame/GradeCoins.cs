using Gamekeeper.Migrations;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Harness.SampleGame;

/// <summary>Fills the new column, a hundred purses a bite, in the order of their ids.</summary>
internal sealed class GradeCoins(GameDatabase database, TimeProvider clock) : IDataMigration
{
    public const int Bite = 100;

    public string Name => "20261120100003_grade_coins";

    public string Description => "Every purse gets a grade by its amount.";

    public async Task<DataMigrationStep> StepAsync(string? progress, CancellationToken cancellationToken)
    {
        var after = progress is null ? Guid.Empty : Guid.Parse(progress);
        var (last, changed) = await database.WriteAsync(
            Actor.System(clock),
            async (unit, ct) => await unit.FirstAsync(new GradeNext(after), ct),
            cancellationToken
        );
        return new DataMigrationStep(last?.ToString() ?? progress, changed, Done: changed < Bite);
    }
}

file sealed record GradeNext(Guid After) : IQuery<GradeNext, (Guid? Last, long Changed)>
{
    public static string Sql =>
        $"""
        with next as (
          select id
          from sample_game.coins
          where id > $1
          order by id
          limit {GradeCoins.Bite}
        ), graded as (
          update sample_game.coins c
          set grade = case when amount >= 1000 then 'high' else 'low' end
          from next
          where c.id = next.id
          returning c.id
        )
        select (select id from graded order by id desc limit 1), (select count(*) from graded)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(After);

    public static (Guid? Last, long Changed) Read(NpgsqlDataReader row) => (row.IsDBNull(0) ? null : row.GetGuid(0), row.GetInt64(1));
}
