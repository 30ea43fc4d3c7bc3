namespace Gamekeeper.Operations.Monitoring.Indexes;

/// <summary>One look at the indexes of some schemas and at how they are used.</summary>
/// <param name="Indexes">All but those that follow a partitioned parent.</param>
/// <param name="ForeignKeys">All but those that a partition has from its parent.</param>
/// <param name="Tables">Partitions counted with their parent.</param>
/// <param name="CountedSince">Since when reads are counted, at the least.</param>
/// <param name="CountedFor">The same as a duration.</param>
/// <param name="HasReplicas">Other servers follow this one, and answer queries of their own.</param>
internal sealed record IndexCatalogue(
    IReadOnlyList<IndexFacts> Indexes,
    IReadOnlyList<ForeignKeyFacts> ForeignKeys,
    IReadOnlyList<TableUse> Tables,
    DateTimeOffset CountedSince,
    TimeSpan CountedFor,
    bool HasReplicas
);

/// <summary>A table.</summary>
/// <param name="Id">Its oid.</param>
/// <param name="Schema">As it is called.</param>
/// <param name="Name">As it is called.</param>
/// <param name="SchemaSql">Quoted for SQL.</param>
/// <param name="Sql">Both, quoted for SQL.</param>
/// <param name="Rows">Estimated.</param>
/// <param name="SequentialScans">Since counting began.</param>
/// <param name="SequentialRows">Rows read by them.</param>
/// <param name="IndexScans">Since counting began.</param>
/// <param name="Partitions">Quoted for SQL; null for a plain table.</param>
internal sealed record TableUse(
    uint Id,
    string Schema,
    string Name,
    string SchemaSql,
    string Sql,
    long Rows,
    long SequentialScans,
    long SequentialRows,
    long IndexScans,
    IReadOnlyList<string>? Partitions
);

/// <summary>A foreign key, from the side that points.</summary>
/// <param name="TableId">The table that points.</param>
/// <param name="Name">The constraint.</param>
/// <param name="Columns">As they are called.</param>
/// <param name="QuotedColumns">Quoted for SQL.</param>
/// <param name="Numbers">Attribute numbers, in the order of <see cref="Columns"/>.</param>
/// <param name="Families">For each column the operator families, comma-separated, in which an index can look its equality up.</param>
/// <param name="Width">Bytes of the columns in an index entry; guessed for those of varying length.</param>
internal sealed record ForeignKeyFacts(uint TableId, string Name, string[] Columns, string[] QuotedColumns, short[] Numbers, string[] Families, int Width);

/// <summary>An index.</summary>
/// <param name="TableId">Its table.</param>
/// <param name="Schema">As it is called.</param>
/// <param name="Table">As it is called.</param>
/// <param name="Name">As it is called.</param>
/// <param name="Sql">Schema and name, quoted for SQL.</param>
/// <param name="TableSql">Schema and table, quoted for SQL.</param>
/// <param name="Definition">Its CREATE INDEX.</param>
/// <param name="Method">btree, gin, …</param>
/// <param name="Keys">Column or expression with operator class and collation, one text each.</param>
/// <param name="Directions">Of each key: 1 descending, 2 nulls first, added.</param>
/// <param name="Numbers">Attribute numbers of the keys; 0 for an expression.</param>
/// <param name="Families">Operator families of the keys.</param>
/// <param name="Included">Columns that are only carried along.</param>
/// <param name="Condition">Of a partial one.</param>
/// <param name="Settings">Storage parameters.</param>
/// <param name="IsUnique">Forbids duplicates.</param>
/// <param name="NullsEqual">Of a unique one: nulls count as equal.</param>
/// <param name="Constraint">A constraint that lives in it or leans on it; null when none does.</param>
/// <param name="IsReplicaIdentity">Logical replication tells rows apart by it.</param>
/// <param name="IsValid">May be used for queries.</param>
/// <param name="IsBeingBuilt">Somebody builds an index of this table right now.</param>
/// <param name="IsPartitioned">Stands for one on each partition.</param>
/// <param name="Bytes">With those of partitions.</param>
/// <param name="Scans">With those of partitions, since counting began.</param>
/// <param name="Comment">In the database.</param>
internal sealed record IndexFacts(
    uint TableId,
    string Schema,
    string Table,
    string Name,
    string Sql,
    string TableSql,
    string Definition,
    string Method,
    string[] Keys,
    short[] Directions,
    short[] Numbers,
    uint[] Families,
    string[] Included,
    string? Condition,
    string Settings,
    bool IsUnique,
    bool NullsEqual,
    string? Constraint,
    bool IsReplicaIdentity,
    bool IsValid,
    bool IsBeingBuilt,
    bool IsPartitioned,
    long Bytes,
    long Scans,
    string? Comment
)
{
    /// <summary>It is there for speed alone: nothing but time is lost with it.</summary>
    public bool IsForSpeed => !IsUnique && Constraint is null && !IsReplicaIdentity;

    /// <summary>Whether the keys of this one are the first ones of the other's, read forwards or backwards.</summary>
    public bool Begins(IndexFacts other) =>
        TableId == other.TableId
        && Method == other.Method
        && Condition == other.Condition
        && Keys.Length <= other.Keys.Length
        && Keys.AsSpan().SequenceEqual(other.Keys.AsSpan(0, Keys.Length))
        // A b-tree is read from either end, so that (a, b desc) also serves (a desc, b); other methods have no directions.
        && (IsLike(other, flip: 0) || (Method == "btree" && IsLike(other, flip: 3)));

    private bool IsLike(IndexFacts other, int flip) => Directions.Zip(other.Directions).All(d => d.First == (d.Second ^ flip));
}
