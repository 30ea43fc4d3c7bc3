using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.SummonersGrid.Cards.Import;

/// <summary>What came of an import.</summary>
public abstract record ImportOutcome
{
    private ImportOutcome() { }

    /// <summary>The file was taken whole.</summary>
    public sealed record Imported(int Inserted, int Updated, int Unchanged) : ImportOutcome
    {
        /// <summary>Templates in the file.</summary>
        public int Total => Inserted + Updated + Unchanged;
    }

    /// <summary>The file was refused whole, at its first bad record; nothing was changed.</summary>
    /// <param name="Line">Where, from 1.</param>
    /// <param name="Member">The path of the member, such as <c>effects[0].text</c>; null when it is the record itself.</param>
    /// <param name="Problem">What is wrong and what is possible.</param>
    public sealed record Refused(int Line, string? Member, string Problem) : ImportOutcome;
}

/// <summary>
/// Takes a file of card templates, a JSON array or JSON lines: streamed, upserted by id, in one transaction. The same file again
/// changes nothing.
/// </summary>
public sealed class ImportTemplates(GameDatabase database)
{
    private const int Chunk = 500;

    /// <summary>Safe to repeat.</summary>
    /// <param name="actor">Who imports; a trusted party, the caller checks that.</param>
    /// <param name="file">Must be seekable, as a retried transaction reads it again.</param>
    /// <param name="keepUnknown">True keeps members that no template has under its attributes; false refuses them.</param>
    /// <param name="progress">Told the number of templates written so far.</param>
    /// <param name="cancellationToken">Ends the import without effect.</param>
    public async Task<ImportOutcome> RunAsync(
        Actor actor,
        Stream file,
        bool keepUnknown = false,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (!file.CanSeek)
            throw new ArgumentException("The file must be seekable; copy it to a temporary one first.", nameof(file));
        var begin = file.Position;
        var parser = new TemplateParser(keepUnknown);
        try
        {
            return await database.WriteAsync<ImportOutcome>(
                actor,
                (unit, ct) =>
                {
                    // An upsert by id is the same twice, so a commit whose answer was lost may be repeated.
                    unit.MarkRepeatable();
                    unit.FoundDone();
                    file.Position = begin;
                    return UpsertAllAsync(unit, file, parser, progress, ct);
                },
                cancellationToken
            );
        }
        catch (RefusedRecordException refused)
        {
            return new ImportOutcome.Refused(refused.Line, refused.Member, refused.Message);
        }
    }

    private static async Task<ImportOutcome> UpsertAllAsync(
        UnitOfWork unit,
        Stream file,
        TemplateParser parser,
        IProgress<int>? progress,
        CancellationToken cancellationToken
    )
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var chunk = new List<CardTemplate>(Chunk);
        var (inserted, updated) = (0, 0);
        await foreach (var record in TemplateRecords.ReadAsync(file, cancellationToken))
        {
            var template = parser.Parse(record);
            if (!lines.TryAdd(template.Id, record.Line))
                throw new RefusedRecordException(
                    record.Line,
                    "id",
                    $"\"{template.Id}\" stands in line {lines[template.Id]} already; an id is given once"
                );
            chunk.Add(template);
            if (chunk.Count == Chunk)
                await FlushAsync();
        }
        await FlushAsync();
        var outcome = new ImportOutcome.Imported(inserted, updated, lines.Count - inserted - updated);
        unit.Enqueue(
            new WriteActivity<SummonersGridModule>(
                unit.Actor,
                new Activity("card-template.import", null, Details: JsonSerializer.Serialize(outcome))
            )
        );
        return outcome;

        async Task FlushAsync()
        {
            if (chunk.Count == 0)
                return;
            var changed = await unit.ListAsync(new UpsertTemplates([.. chunk]), cancellationToken);
            inserted += changed.Count(isNew => isNew);
            updated += changed.Count(isNew => !isNew);
            chunk.Clear();
            progress?.Report(lines.Count);
        }
    }

    /// <summary>Inserts or updates; a row that is already so is left alone and not returned.</summary>
    private sealed record UpsertTemplates(CardTemplate[] Templates) : IQuery<UpsertTemplates, bool>
    {
        private const NpgsqlDbType JsonbArray = NpgsqlDbType.Array | NpgsqlDbType.Jsonb;
        private const NpgsqlDbType TextArray = NpgsqlDbType.Array | NpgsqlDbType.Text;

        public static string Sql =>
            """
            insert into summoners_grid.card_templates as t
              (id, name, type, rarity, cost, requirements, effects, attributes, stats, flavor_text, image_url)
            select *
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::jsonb[], $8::jsonb[], $9::jsonb[],
                        $10::text[], $11::text[])
              as n (id, name, type, rarity, cost, requirements, effects, attributes, stats, flavor_text, image_url)
            -- Two imports lock their common rows in one order.
            order by n.id
            on conflict (id) do update
            set name = excluded.name, type = excluded.type, rarity = excluded.rarity, cost = excluded.cost,
                requirements = excluded.requirements, effects = excluded.effects, attributes = excluded.attributes,
                stats = excluded.stats, flavor_text = excluded.flavor_text, image_url = excluded.image_url
            where (t.name, t.type, t.rarity, t.cost, t.requirements, t.effects, t.attributes, t.stats, t.flavor_text, t.image_url)
              is distinct from
                  (excluded.name, excluded.type, excluded.rarity, excluded.cost, excluded.requirements, excluded.effects,
                   excluded.attributes, excluded.stats, excluded.flavor_text, excluded.image_url)
            -- xmax is zero on a row that this statement created.
            returning xmax = 0
            """;

        public void Bind(StatementParameters parameters) =>
            parameters
                .Add(Templates.Select(t => t.Id).ToArray())
                .Add(Templates.Select(t => t.Name).ToArray())
                .Add(Templates.Select(t => t.Type).ToArray())
                .Add(Templates.Select(t => t.Rarity).ToArray())
                .Add(Templates.Select(t => t.Cost).ToArray(), JsonbArray)
                .Add(Templates.Select(t => t.Requirements).ToArray(), JsonbArray)
                .Add(Templates.Select(t => t.Effects).ToArray(), JsonbArray)
                .Add(Templates.Select(t => t.Attributes).ToArray(), JsonbArray)
                .Add(Templates.Select(t => t.Stats).ToArray(), JsonbArray)
                .Add(Templates.Select(t => t.FlavorText).ToArray(), TextArray)
                .Add(Templates.Select(t => t.ImageUrl).ToArray(), TextArray);

        public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
    }
}
