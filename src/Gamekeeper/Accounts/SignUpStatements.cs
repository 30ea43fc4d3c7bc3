using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using NpgsqlTypes;

namespace Gamekeeper.Accounts;

internal sealed record NewAccount(
    Guid Id,
    AccountKind Kind,
    string Username,
    string? DisplayName,
    EmailAddress? Email,
    string? PasswordHash,
    params string[] Roles
);

internal sealed record InsertAccount(NewAccount Account, byte[]? EmailCiphertext) : IStatement<InsertAccount>
{
    public static string Sql =>
        """
        insert into core.accounts (id, kind, username, display_name, email_ciphertext, password_hash, roles)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Account.Id)
            .Add(Account.Kind.ToString().ToLowerInvariant())
            .Add(Account.Username)
            .AddNullable(Account.DisplayName)
            .AddNullable(EmailCiphertext)
            .AddNullable(Account.PasswordHash)
            .Add(Account.Roles);
}

/// <summary>Registers an address under every key; the primary key of the registry refuses a second account.</summary>
internal sealed record InsertEmailHashes(Guid Account, IReadOnlyList<EmailHash> Hashes) : IStatement<InsertEmailHashes>
{
    public static string Sql =>
        """
        insert into core.email_hashes (key_id, email_hash, account_id)
        select key_id, email_hash, $3
        from unnest($1::text[], $2::bytea[]) as hashes (key_id, email_hash)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Hashes.Select(h => h.KeyId).ToArray())
            .Add(Hashes.Select(h => h.Hash).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea)
            .Add(Account);
}
