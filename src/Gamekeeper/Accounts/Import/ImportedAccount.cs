using System.Text.RegularExpressions;
using Gamekeeper.Accounts.ForeignPasswords;
using Gamekeeper.Importing;
using Gamekeeper.Privacy;

namespace Gamekeeper.Accounts.Import;

/// <summary>An account as another system knew it, checked field by field.</summary>
public sealed partial record ImportedAccount
{
    /// <summary>The members of a record that speak of the account; a game adds its own.</summary>
    public static IReadOnlyList<string> Members { get; } =
    [
        "id", "external_id", "username", "email", "email_verified", "display_name", "avatar_url", "created_at", "password_hash",
        "frozen", "frozen_reason", "is_active",
    ];

    /// <summary>Null to have one made.</summary>
    public Guid? Id { get; init; }

    /// <summary>Its id in the other system; null when none was given.</summary>
    public string? ExternalId { get; init; }

    /// <summary>As at sign-up.</summary>
    public required string Username { get; init; }

    /// <summary>Null for none.</summary>
    public EmailAddress? Email { get; init; }

    /// <summary>Whether the other system knew that its owner reads it.</summary>
    public bool IsEmailVerified { get; init; }

    /// <summary>Null for none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Null for none.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>When it was made there; null for the time of the import.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Why it is frozen; null when it is not.</summary>
    public string? FrozenReason { get; init; }

    /// <summary>False for one that was closed there.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>The other system's hash of its password; null when its owner needs a code to choose one.</summary>
    internal string? PasswordHash { get; init; }

    /// <summary>Reads and checks <see cref="Members"/> of a record; what is wrong is noted there.</summary>
    /// <param name="record">The record.</param>
    /// <param name="now">No instant may lie beyond this.</param>
    public static ImportedAccount Read(RecordReader record, DateTimeOffset now)
    {
        var account = new ImportedAccount
        {
            Id = record.Id("id"),
            ExternalId = Fits(record, "external_id", record.Text("external_id", 100), e => ExternalIdFormat().IsMatch(e) ? null : "takes 1 to 100 of A-Z, a-z, 0-9, '.', '_', ':' and '-'; no address"),
            Username = Fits(record, "username", record.Text("username", 50, required: true), NameProblem) ?? "",
            Email = Address(record),
            IsEmailVerified = record.Flag("email_verified") ?? false,
            DisplayName = Fits(record, "display_name", record.Text("display_name", 100), d => AccountFields.DisplayName(d)?.Problem),
            AvatarUrl = Fits(record, "avatar_url", record.Text("avatar_url", 2048), a => AccountFields.AvatarUrl(a)?.Problem),
            CreatedAt = record.Instant("created_at", now),
            FrozenReason = Frozen(record),
            IsActive = record.Flag("is_active") ?? true,
            PasswordHash = Fits(record, "password_hash", record.Text("password_hash", ForeignPassword.MaxLength), Hash),
        };
        if (account is { IsEmailVerified: true, Email: null } && record.IsGood)
            record.Refuse("email_verified", "takes true only where there is an email");
        return account;
    }

    /// <summary>The name alone: the rest is personal or secret.</summary>
    public override string ToString() => $"ImportedAccount {Username}";

    private static EmailAddress? Address(RecordReader record)
    {
        if (record.Text("email", EmailAddress.MaxLength) is not { } text)
            return null;
        if (EmailAddress.TryParse(text, out var address))
            return address;
        record.Refuse("email", EmailAddress.Rule);
        return null;
    }

    private static string? Frozen(RecordReader record)
    {
        var frozen = record.Flag("frozen") ?? false;
        var reason = Fits(record, "frozen_reason", record.Text("frozen_reason", 500), r => AccountFields.Reason(r)?.Problem);
        if (!frozen && reason is not null)
            record.Refuse("frozen_reason", "goes with \"frozen\": true alone");
        return frozen ? reason ?? "frozen when it was imported" : null;
    }

    private static string? NameProblem(string name) =>
        AccountFields.Username(name)?.Problem ?? (AccountFields.IsReserved(name) ? "is a reserved name; take another" : null);

    private static string? Hash(string text) => ForeignPassword.Parse(text, out var problem) is null ? problem : null;

    private static string? Fits(RecordReader record, string member, string? value, Func<string, string?> check)
    {
        if (value is null || check(value) is not { } problem)
            return value;
        record.Refuse(member, problem);
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,100}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ExternalIdFormat();
}
