using Gamekeeper.Importing;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.Accounts.Import;

internal sealed record ImportedRow(Guid Id, ImportedAccount Account, byte[]? EmailCiphertext);

internal sealed record FindTaken(
    string System,
    IReadOnlyList<Numbered<ImportedAccount>> Accounts,
    IReadOnlyList<(long Line, EmailHash Hash)> Emails
) : IQuery<FindTaken, (long Line, string Member)>
{
    // accounts_pkey, accounts_username_unique, external_ids_pkey, email_hashes_pkey.
    public static string Sql =>
        """
        select n.line, 'id'
        from unnest($1::bigint[], $2::uuid[]) as n (line, id)
        join core.accounts a on a.id = n.id
        union all
        select n.line, 'username'
        from unnest($1::bigint[], $3::text[]) as n (line, username_key)
        join core.accounts a on a.username_key = n.username_key
        union all
        select n.line, 'external_id'
        from unnest($1::bigint[], $4::text[]) as n (line, external_id)
        join core.external_ids e on e.system = $5 and e.external_id = n.external_id
        union all
        select n.line, 'email'
        from unnest($6::bigint[], $7::text[], $8::bytea[]) as n (line, key_id, email_hash)
        join core.email_hashes h on h.key_id = n.key_id and h.email_hash = n.email_hash
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Accounts.Select(a => a.Line).ToArray())
            .Add(Accounts.Select(a => a.Record.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .Add(Accounts.Select(a => a.Record.Username.ToLowerInvariant()).ToArray())
            .Add(Accounts.Select(a => a.Record.ExternalId).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .Add(System)
            .Add(Emails.Select(e => e.Line).ToArray())
            .Add(Emails.Select(e => e.Hash.KeyId).ToArray())
            .Add(Emails.Select(e => e.Hash.Hash).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public static (long Line, string Member) Read(NpgsqlDataReader row) => (row.GetInt64(0), row.GetString(1));
}

internal sealed record InsertImportedAccounts(IReadOnlyList<ImportedRow> Rows) : IStatement<InsertImportedAccounts>
{
    private const NpgsqlDbType TextArray = NpgsqlDbType.Array | NpgsqlDbType.Text;

    public static string Sql =>
        """
        insert into core.accounts
          (id, kind, username, display_name, avatar_url, email_ciphertext, email_verified, foreign_password_hash,
           is_active, closed_at, frozen_at, frozen_reason, created_at)
        select id, 'person', username, display_name, avatar_url, email, verified, hash,
               is_active, case when not is_active then now() end, case when reason is not null then now() end, reason, coalesce(created_at, now())
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::boolean[], $7::text[], $8::boolean[], $9::text[], $10::timestamptz[])
          as n (id, username, display_name, avatar_url, email, verified, hash, is_active, reason, created_at)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Rows.Select(r => r.Id).ToArray())
            .Add(Rows.Select(r => r.Account.Username).ToArray())
            .Add(Rows.Select(r => r.Account.DisplayName).ToArray(), TextArray)
            .Add(Rows.Select(r => r.Account.AvatarUrl).ToArray(), TextArray)
            .Add(Rows.Select(r => r.EmailCiphertext).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea)
            .Add(Rows.Select(r => r.Account.IsEmailVerified).ToArray())
            .Add(Rows.Select(r => r.Account.PasswordHash).ToArray(), TextArray)
            .Add(Rows.Select(r => r.Account.IsActive).ToArray())
            .Add(Rows.Select(r => r.Account.FrozenReason).ToArray(), TextArray)
            .Add(Rows.Select(r => r.Account.CreatedAt).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);
}

internal sealed record InsertImportedEmailHashes(IReadOnlyList<(Guid Account, EmailHash Hash)> Hashes) : IStatement<InsertImportedEmailHashes>
{
    public static string Sql =>
        "insert into core.email_hashes (key_id, email_hash, account_id) select * from unnest($1::text[], $2::bytea[], $3::uuid[])";

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Hashes.Select(h => h.Hash.KeyId).ToArray())
            .Add(Hashes.Select(h => h.Hash.Hash).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea)
            .Add(Hashes.Select(h => h.Account).ToArray());
}

internal sealed record InsertExternalIds(string System, IReadOnlyList<ImportedRow> Rows) : IStatement<InsertExternalIds>
{
    public static string Sql =>
        "insert into core.external_ids (system, external_id, account_id) select $1, * from unnest($2::text[], $3::uuid[])";

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(System)
            .Add(Rows.Select(r => r.Account.ExternalId!).ToArray())
            .Add(Rows.Select(r => r.Id).ToArray());
}

/// <summary>Which accounts these names and former ids lead to; what leads nowhere is left out.</summary>
internal sealed record ResolveAccounts(string System, string[] UsernameKeys, string[] ExternalIds)
    : IQuery<ResolveAccounts, (bool IsExternal, string Key, Guid Account)>
{
    // accounts_username_unique (through the view), external_ids_pkey.
    public static string Sql =>
        """
        select false, a.username_key, a.id
        from core.public_accounts a
        where a.username_key = any($2)
        union all
        select true, e.external_id, e.account_id
        from core.external_ids e
        where e.system = $1 and e.external_id = any($3)
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(System).Add(UsernameKeys).Add(ExternalIds);

    public static (bool IsExternal, string Key, Guid Account) Read(NpgsqlDataReader row) => (row.GetBoolean(0), row.GetString(1), row.GetGuid(2));
}
