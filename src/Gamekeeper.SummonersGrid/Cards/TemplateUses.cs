using Gamekeeper.Scheduling;
using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>
/// Adds up what was used in matches and decks, in batches: a use waits as a row of its own and goes into the count in the transaction that
/// removes the row. So counting blocks nobody who plays, no use counts twice, and the catalogue's version stays as it is.
/// </summary>
public sealed class CountTemplateUses(GameDatabase database, TimeProvider clock) : IJob
{
    private const int Bite = 5000;

    /// <inheritdoc />
    public string Name => "summoners_grid.count-template-uses";

    /// <inheritdoc />
    public string Purpose => "Adds the uses of templates in matches and decks to their counts.";

    /// <inheritdoc />
    public JobSchedule Schedule => new JobSchedule.Every(TimeSpan.FromMinutes(5));

    /// <inheritdoc />
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var counted = 0L;
        while (true)
        {
            var bite = await database.WriteAsync(
                Actor.System(clock),
                async (unit, ct) =>
                {
                    // What was counted is gone, so running a bite again counts what came after it.
                    unit.MarkRepeatable();
                    return await unit.FirstAsync(new FoldTemplateUses(Bite), ct);
                },
                cancellationToken
            );
            counted += bite.Uses;
            if (bite.Rows < Bite)
                return $"{counted} uses counted";
        }
    }
}

/// <summary>Uses of templates, to be counted by the next run of the job; rides in the transaction of what used them.</summary>
internal sealed record RecordTemplateUses(string[] TemplateIds, int[] Uses) : IStatement<RecordTemplateUses>
{
    public static string Sql => "insert into summoners_grid.template_uses (template_id, uses) select * from unnest($1::text[], $2::int[])";

    public static RecordTemplateUses Of(IReadOnlyList<string> played)
    {
        var uses = played.CountBy(t => t, StringComparer.Ordinal).OrderBy(u => u.Key, StringComparer.Ordinal).ToList();
        return new([.. uses.Select(u => u.Key)], [.. uses.Select(u => u.Value)]);
    }

    public void Bind(StatementParameters parameters) =>
        parameters.Add(TemplateIds).Add(Uses, NpgsqlDbType.Array | NpgsqlDbType.Integer);
}

/// <summary>
/// The next uses in order of writing go into the counts. Of two runs at once one waits, and finds gone what the other has counted. A count
/// stops at the largest number that the column holds.
/// </summary>
internal sealed record FoldTemplateUses(int Limit) : IQuery<FoldTemplateUses, (long Rows, long Uses)>
{
    public static string Sql =>
        """
        with taken as (
          delete from summoners_grid.template_uses
          where id = any (array(
            select id
            from summoners_grid.template_uses
            -- template_uses_pkey
            order by id
            limit $1))
          returning template_id, uses
        ),
        counted as (
          update summoners_grid.card_templates t
          set usage_count = least(t.usage_count + u.uses, 2147483647)
          from (select template_id, sum(uses) as uses from taken group by template_id) u
          where t.id = u.template_id
        )
        select count(*), coalesce(sum(uses), 0)::bigint from taken
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Limit);

    public static (long Rows, long Uses) Read(NpgsqlDataReader row) => (row.GetInt64(0), row.GetInt64(1));
}
