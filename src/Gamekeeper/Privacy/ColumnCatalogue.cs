using Npgsql;

namespace Gamekeeper.Privacy;

/// <summary>One table; <paramref name="Description"/> is null when its comment says nothing we can read.</summary>
public sealed record CataloguedTable(string Schema, string Table, TableDescription? Description);

/// <summary>One column; <paramref name="Description"/> is null when its comment says nothing we can read.</summary>
public sealed record CataloguedColumn(string Schema, string Table, string Column, string Type, ColumnDescription? Description);

/// <summary>Something the catalogue lacks or contradicts.</summary>
/// <param name="Where">Schema, table and column.</param>
/// <param name="Finding">What is wrong and what would be right.</param>
public sealed record CatalogueGap(string Where, string Finding);

/// <summary>
/// Every column of every schema with its class and purpose. It is written beside the DDL, as comments, and so cannot be forgotten by a
/// migration or drift from it: export, erasure and audit read it from the database itself.
/// </summary>
public sealed class ColumnCatalogue
{
    private readonly IReadOnlyList<AuditedTable> _audited;

    private ColumnCatalogue(IReadOnlyList<CataloguedTable> tables, IReadOnlyList<CataloguedColumn> columns, IReadOnlyList<AuditedTable> audited) =>
        (Tables, Columns, _audited) = (tables, columns, audited);

    /// <summary>All tables, partitions left out.</summary>
    public IReadOnlyList<CataloguedTable> Tables { get; }

    /// <summary>All columns, in the order of their tables.</summary>
    public IReadOnlyList<CataloguedColumn> Columns { get; }

    /// <summary>Reads the catalogue of these schemas; three queries. Any role may.</summary>
    public static async Task<ColumnCatalogue> ReadAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> schemas,
        CancellationToken cancellationToken = default
    ) =>
        new(
            await CatalogueQueries.TablesAsync(connection, schemas, cancellationToken),
            await CatalogueQueries.ColumnsAsync(connection, schemas, cancellationToken),
            await CatalogueQueries.AuditedAsync(connection, schemas, cancellationToken)
        );

    /// <summary>Tables and columns without a class, and audit triggers that keep out of their images other columns than they must. Empty is right.</summary>
    public IReadOnlyList<CatalogueGap> Gaps() =>
        [
            .. Tables.Where(t => t.Description is null)
                .Select(t => new CatalogueGap($"{t.Schema}.{t.Table}", "no distribution class: distributed(key[, group]), reference or local")),
            .. Columns.Where(c => c.Description is null)
                .Select(c => new CatalogueGap($"{c.Schema}.{c.Table}.{c.Column}", "no class: public, internal, personal, confidential or secret")),
            .. _audited.SelectMany(HiddenGaps),
        ];

    private IEnumerable<CatalogueGap> HiddenGaps(AuditedTable audited)
    {
        var must = Columns.Where(c => c.Schema == audited.Schema && c.Table == audited.Table && c.Description is { IsHidden: true })
            .Select(c => c.Column).Order(StringComparer.Ordinal).ToList();
        var does = audited.HiddenColumns.Order(StringComparer.Ordinal).ToList();
        if (!must.SequenceEqual(does))
        {
            yield return new CatalogueGap(
                $"{audited.Schema}.{audited.Table}",
                $"trigger {audited.Trigger} hides [{string.Join(", ", does)}], personal and secret are [{string.Join(", ", must)}]"
            );
        }
    }
}
