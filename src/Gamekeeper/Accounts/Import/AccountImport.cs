using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Importing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;

namespace Gamekeeper.Accounts.Import;

/// <summary>
/// The accounts of imported players: the core's half of a game's import, in transactions of the core's own. Passwords are stored as the
/// other system hashed them and replaced at the first sign-in; addresses are encrypted under each account's own key, as at sign-up.
/// </summary>
public sealed class AccountImport(GameDatabase database, ImportBook<CoreSchema> book, AccountSecrets secrets, MasterKeys masterKeys)
{
    /// <inheritdoc cref="ImportBook{TSchema}.BeginAsync" />
    public Task<ImportState> BeginAsync(Actor actor, string kind, ImportName name, ImportFile file, int chunkLines, CancellationToken cancellationToken) =>
        book.BeginAsync(actor, kind, name, file, chunkLines, cancellationToken);

    /// <summary>What no two accounts share.</summary>
    public static IEnumerable<(string Member, string Key)> Keys(ImportedAccount account)
    {
        yield return ("username", account.Username.ToLowerInvariant());
        if (account.Id is { } id)
            yield return ("id", id.ToString());
        if (account.ExternalId is { } external)
            yield return ("external_id", external);
        if (account.Email is { } email)
            yield return ("email", email.Value);
    }

    /// <summary>Which of these are there already, by id, name, address or id in the other system. Changes nothing.</summary>
    /// <param name="system">Whose ids <see cref="ImportedAccount.ExternalId"/> are: the game's schema.</param>
    /// <param name="accounts">At most 10 000.</param>
    /// <param name="actor">A trusted party.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<ImportRefusal>> CheckAsync(
        string system,
        IReadOnlyList<Numbered<ImportedAccount>> accounts,
        Actor actor,
        CancellationToken cancellationToken
    ) => Refusals(await database.ListAsync(Taken(system, accounts), ReadConsistency.Strong, actor, cancellationToken));

    /// <summary>
    /// Makes the accounts of one chunk, in one transaction, once however often it is called. One that clashes with what is there is
    /// refused and never overwrites.
    /// </summary>
    public Task<ImportStep> WriteAsync(
        Actor actor,
        string system,
        ImportState state,
        ImportChunk chunk,
        IReadOnlyList<Numbered<ImportedAccount>> accounts,
        CancellationToken cancellationToken
    ) =>
        book.WriteAsync(
            actor,
            state,
            chunk,
            async (unit, ct) =>
            {
                var taken = Refusals(await unit.ListAsync(Taken(system, accounts), ct));
                var (good, refusals) = ImportDuplicates.Sift(accounts, taken, Keys);
                if (good.Count > 0)
                    Insert(unit, system, state, good);
                return new ImportResult(good.Count, refusals);
            },
            cancellationToken
        );

    /// <summary>Which lines of a range were refused.</summary>
    public Task<IReadOnlySet<long>> RefusedLinesAsync(ImportState state, long after, long through, CancellationToken cancellationToken) =>
        book.RefusedLinesAsync(state, after, through, cancellationToken);

    /// <summary>Marks the core's half as finished. Safe to repeat.</summary>
    public Task<ImportState> FinishAsync(Actor actor, ImportState state, CancellationToken cancellationToken) =>
        book.FinishAsync(actor, state, cancellationToken);

    /// <summary>What was refused, by line.</summary>
    public IAsyncEnumerable<ImportRefusal> RefusalsAsync(string kind, ImportName name, CancellationToken cancellationToken = default) =>
        book.RefusalsAsync(kind, name, cancellationToken);

    /// <summary>
    /// The accounts behind names (in lower case) and ids of the other system; what leads nowhere is left out.
    /// </summary>
    public async Task<(IReadOnlyDictionary<string, Guid> ByUsername, IReadOnlyDictionary<string, Guid> ByExternalId)> ResolveAsync(
        string system,
        IReadOnlyCollection<string> usernameKeys,
        IReadOnlyCollection<string> externalIds,
        CancellationToken cancellationToken
    )
    {
        var found = await database.ListAsync(new ResolveAccounts(system, [.. usernameKeys], [.. externalIds]), cancellationToken);
        return (
            found.Where(f => !f.IsExternal).ToDictionary(f => f.Key, f => f.Account, StringComparer.Ordinal),
            found.Where(f => f.IsExternal).ToDictionary(f => f.Key, f => f.Account, StringComparer.Ordinal)
        );
    }

    private void Insert(UnitOfWork unit, string system, ImportState state, IReadOnlyList<Numbered<ImportedAccount>> good)
    {
        var rows = new List<ImportedRow>(good.Count);
        var keys = new List<(Guid, WrappedSecret)>(good.Count);
        var hashes = new List<(Guid, EmailHash)>(good.Count);
        foreach (var (line, account) in good)
        {
            var id = account.Id ?? state.IdOf(line);
            var key = secrets.Make(id, out var wrapped);
            keys.Add((id, wrapped));
            rows.Add(new(id, account, account.Email is { } address ? key.Encrypt(AccountRow.EmailColumn, address.Value) : null));
            if (account.Email is { } email)
                hashes.AddRange(EmailHash.AllOf(email, masterKeys).Select(h => (id, h)));
        }
        unit.Enqueue(new InsertImportedAccounts(rows));
        AccountSecrets.Store(unit, keys);
        unit.Enqueue(new InsertImportedEmailHashes(hashes));
        unit.Enqueue(new InsertExternalIds(system, [.. rows.Where(r => r.Account.ExternalId is not null)]));
        var details = JsonSerializer.Serialize(new { kind = state.Kind, import = state.Name, accounts = rows.Count });
        unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new("account.import", state.Name, Details: details)));
    }

    private FindTaken Taken(string system, IReadOnlyList<Numbered<ImportedAccount>> accounts) =>
        new(
            system,
            accounts,
            [.. accounts.Where(a => a.Record.Email is not null).SelectMany(a => EmailHash.AllOf(a.Record.Email!.Value, masterKeys).Select(h => (a.Line, h)))]
        );

    // During a rotation of the master key an address stands there twice, and is one clash.
    private static IReadOnlyList<ImportRefusal> Refusals(IReadOnlyList<(long Line, string Member)> taken) =>
        [.. taken.Distinct().Select(t => new ImportRefusal(t.Line, t.Member, "is that of an account that is there already; it is left as it is"))];
}
