using System.Text;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Privacy;

/// <summary>
/// Keeps a key ring of the host, entry by entry, wrapped under the master key: every node reads the same ring, and the database alone
/// opens nothing.
/// </summary>
public sealed class KeyRingStore(GameDatabase database, MasterKeys masterKeys, TimeProvider clock)
{
    /// <summary>All entries, in the order of their names.</summary>
    /// <exception cref="GamekeeperException"><c>privacy.master-key-unknown</c>, <c>privacy.cannot-decrypt</c>.</exception>
    public async Task<IReadOnlyList<KeyRingEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        var rows = await database.ListAsync(new FindEntries(), cancellationToken);
        return [.. rows.Select(r => new KeyRingEntry(r.Name, Encoding.UTF8.GetString(masterKeys.Unwrap(r.Wrapped, Purpose(r.Name)))))];
    }

    /// <summary>Stores an entry; one of the same name is replaced. Safe to repeat.</summary>
    public Task StoreAsync(KeyRingEntry entry, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            Actor.System(clock),
            (unit, _) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new StoreEntry(entry.Name, masterKeys.Wrap(Encoding.UTF8.GetBytes(entry.Xml), Purpose(entry.Name))));
                return Task.CompletedTask;
            },
            cancellationToken
        );

    /// <summary>Wraps every entry anew that is still under an earlier master key; how many it did.</summary>
    public async Task<int> RewrapAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        var stale = (await unit.ListAsync(new FindEntries(), cancellationToken)).Where(r => r.Wrapped.MasterKeyId != masterKeys.ActiveId).ToList();
        foreach (var (name, wrapped) in stale)
            unit.Enqueue(new StoreEntry(name, masterKeys.Rewrap(wrapped, Purpose(name))));
        return stale.Count;
    }

    private static string Purpose(string name) => $"key-ring:{name}";
}

/// <summary>One entry of a key ring.</summary>
/// <param name="Name">Unique, 1 to 200 characters.</param>
/// <param name="Xml">The entry as the host writes it; opaque here.</param>
public sealed record KeyRingEntry(string Name, string Xml)
{
    /// <summary>The name alone; the entry is a secret.</summary>
    public override string ToString() => $"KeyRingEntry {Name}";
}

file sealed record FindEntries : IQuery<FindEntries, (string Name, WrappedSecret Wrapped)>
{
    public static string Sql => "select name, master_key_id, wrapped_xml from core.data_protection_keys order by name";

    public void Bind(StatementParameters parameters) { }

    public static (string Name, WrappedSecret Wrapped) Read(NpgsqlDataReader row) =>
        (row.GetString(0), new(row.GetString(1), row.GetFieldValue<byte[]>(2)));
}

file sealed record StoreEntry(string Name, WrappedSecret Wrapped) : IStatement<StoreEntry>
{
    public static string Sql =>
        """
        insert into core.data_protection_keys (name, wrapped_xml, master_key_id)
        values ($1, $2, $3)
        on conflict (name) do update
        set wrapped_xml = excluded.wrapped_xml, master_key_id = excluded.master_key_id
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Name).Add(Wrapped.Bytes).Add(Wrapped.MasterKeyId);
}
