using System.Collections.Frozen;
using Gamekeeper.Caching;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>
/// All card templates, in the memory of this process. They are a few hundred rows that hardly change, so they stay out of every
/// other row, and whoever reads cards reads the catalogue's version with them: a newer one than is held here is loaded before the
/// answer is put together. So no answer shows a template older than the cards it goes with.
/// </summary>
public sealed class CardCatalogue(GameDatabase database, GameCache cache) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Templates? _held;

    /// <summary>The templates as of at least <paramref name="version"/>.</summary>
    public async ValueTask<FrozenDictionary<string, CardTemplate>> AtLeastAsync(long version, CancellationToken cancellationToken = default)
    {
        if (_held is { } held && held.Version >= version)
            return held.ById;
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_held is { } loaded && loaded.Version >= version)
                return loaded.ById;
            return (_held = await LoadAsync(cancellationToken)).ById;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>The templates as they are now: one small read for the version, and a load if it has moved.</summary>
    public async ValueTask<FrozenDictionary<string, CardTemplate>> CurrentAsync(CancellationToken cancellationToken = default) =>
        await AtLeastAsync(await database.FirstAsync(new ReadCatalogueVersion(), cancellationToken), cancellationToken);

    /// <summary>
    /// The same for whoever only shows them: without a read where the version is cached. As with every cached value, a change counts once it
    /// was acknowledged; a card that was minted in between may be of a template that is not among these yet.
    /// </summary>
    internal async ValueTask<FrozenDictionary<string, CardTemplate>> CachedAsync(CancellationToken cancellationToken)
    {
        var version = await cache.GetAsync(
            SummonersGridCache.Catalogue,
            "current",
            database,
            static async (from, _, ct) => new CatalogueVersion(await from.FirstAsync(new ReadCatalogueVersion(), ct)),
            cancellationToken
        );
        return await AtLeastAsync(version!.Number, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _loading.Dispose();

    private Task<Templates> LoadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            ReadConsistency.Strong,
            actor: null,
            async (scope, ct) =>
            {
                // The version is read first: a change in between leaves a version too low, and the next reader loads again.
                var version = scope.Enqueue(new ReadCatalogueVersion());
                var templates = await scope.ListAsync(new ReadAllTemplates(), ct);
                return new Templates(version.Rows[0], templates.ToFrozenDictionary(t => t.Id, StringComparer.Ordinal));
            },
            cancellationToken
        );

    private sealed record Templates(long Version, FrozenDictionary<string, CardTemplate> ById);
}

/// <summary>Which catalogue is current.</summary>
internal sealed record ReadCatalogueVersion : IQuery<ReadCatalogueVersion, long>
{
    public static string Sql => "select version from summoners_grid.catalogue_version";

    public void Bind(StatementParameters parameters) { }

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}

/// <summary>Every template; a few hundred rows.</summary>
internal sealed record ReadAllTemplates : IQuery<ReadAllTemplates, CardTemplate>
{
    public static string Sql => $"select {TemplateRow.Columns} from summoners_grid.card_templates t";

    public void Bind(StatementParameters parameters) { }

    public static CardTemplate Read(NpgsqlDataReader row) => TemplateRow.Read(row);
}

internal static class TemplateRow
{
    public const string Columns =
        "t.id, t.name, t.type, t.rarity, t.cost::text, t.requirements::text, t.effects::text, t.attributes::text, t.stats::text, "
        + "t.flavor_text, t.image_url";

    public static CardTemplate Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Name = row.GetString(1),
            Type = row.GetString(2),
            Rarity = row.GetString(3),
            Cost = Text(row, 4),
            Requirements = Text(row, 5),
            Effects = Text(row, 6),
            Attributes = Text(row, 7),
            Stats = Text(row, 8),
            FlavorText = Text(row, 9),
            ImageUrl = Text(row, 10),
        };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
