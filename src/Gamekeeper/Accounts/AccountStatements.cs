using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>An account's row with its key, still closed.</summary>
internal sealed record AccountRow(Account Account, byte[]? EmailCiphertext, WrappedSecret? Key)
{
    public const string EmailColumn = "accounts.email_ciphertext";

    public const string Columns =
        """
        a.id, a.kind, a.username, a.display_name, a.avatar_url, a.email_verified, a.roles, a.settings::text, a.is_active, a.frozen_at,
        a.frozen_reason, a.version, a.created_at, a.updated_at, a.last_login, a.email_ciphertext, k.master_key_id, k.wrapped_key
        """;

    /// <summary>The account, its address readable. An erased account has none.</summary>
    public Account Open(AccountSecrets secrets) =>
        EmailCiphertext is not null && secrets.Open(Account.Id, Key) is { } key
            ? Account with { Email = EmailAddress.Parse(key.Decrypt(EmailColumn, EmailCiphertext)) }
            : Account;

    public static AccountRow Read(NpgsqlDataReader row) =>
        new(
            new Account
            {
                Id = row.GetGuid(0),
                Kind = Enum.Parse<AccountKind>(row.GetString(1), ignoreCase: true),
                Username = row.GetString(2),
                DisplayName = row.IsDBNull(3) ? null : row.GetString(3),
                AvatarUrl = row.IsDBNull(4) ? null : row.GetString(4),
                EmailVerified = row.GetBoolean(5),
                Roles = row.GetFieldValue<string[]>(6),
                Settings = row.GetString(7),
                IsActive = row.GetBoolean(8),
                FrozenAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
                FrozenReason = row.IsDBNull(10) ? null : row.GetString(10),
                Version = row.GetInt64(11),
                CreatedAt = row.GetFieldValue<DateTimeOffset>(12),
                UpdatedAt = row.GetFieldValue<DateTimeOffset>(13),
                LastLogin = row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14),
            },
            row.IsDBNull(15) ? null : row.GetFieldValue<byte[]>(15),
            row.IsDBNull(17) ? null : new(row.GetString(16), row.GetFieldValue<byte[]>(17))
        );
}

internal sealed record FindAccount(Guid Id) : IQuery<FindAccount, AccountRow>
{
    public static string Sql { get; } =
        $"""
        select {AccountRow.Columns}
        from core.accounts a
        left join core.account_keys k on k.account_id = a.id
        where a.id = $1
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static AccountRow Read(NpgsqlDataReader row) => AccountRow.Read(row);
}

/// <summary>Locks the account's row until commit, so that what is decided on its state still holds when it is written.</summary>
internal sealed record LockAccount(Guid Id) : IQuery<LockAccount, AccountRow>
{
    public static string Sql { get; } =
        $"""
        select {AccountRow.Columns}
        from core.accounts a
        left join core.account_keys k on k.account_id = a.id
        where a.id = $1
        for no key update of a
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static AccountRow Read(NpgsqlDataReader row) => AccountRow.Read(row);
}
