using System.Text.Json;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Changes what a player shows and prefers.</summary>
public sealed partial class UpdateProfile(
    GameDatabase database,
    AccountSecrets secrets,
    AccountProjections projections,
    ILogger<UpdateProfile> logger
)
{
    private const string Action = "account.update-profile";

    /// <summary>
    /// Changes the fields that are given. Settings are merged member by member in the database, so two changes of different members at
    /// once are both kept; a member set to null goes. Repeating it gives the same state under a higher version.
    /// </summary>
    public async Task<UpdateProfileOutcome> RunAsync(
        Guid account,
        ProfileChange change,
        Actor actor,
        CancellationToken cancellationToken = default
    )
    {
        var errors = Check(change);
        if (errors.Count > 0)
            return new UpdateProfileOutcome.Invalid(errors);
        UpdateProfileOutcome outcome;
        try
        {
            outcome = await database.WriteAsync(actor, (unit, ct) => WorkAsync(unit, account, change, ct), cancellationToken);
        }
        // What is left of bad settings shows in PostgreSQL alone: the sum of old and new, and half a surrogate pair as an escape.
        catch (PostgresException failure)
            when (failure.ConstraintName == "accounts_settings_size"
                || failure.SqlState is PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.InvalidTextRepresentation)
        {
            outcome = new UpdateProfileOutcome.Invalid([new("settings", AccountFields.SettingsProblem)]);
        }
        if (outcome is UpdateProfileOutcome.Updated)
            await DeliverAsync(account, cancellationToken);
        else if (Code(outcome) is { } code)
            await AccountRefusal.RecordAsync(database, actor, Action, account, code, cancellationToken);
        return outcome;
    }

    private async Task<UpdateProfileOutcome> WorkAsync(UnitOfWork unit, Guid account, ProfileChange change, CancellationToken cancellationToken)
    {
        var changed = unit.Enqueue(new ChangeProfile(account, change));
        var row = await unit.FirstAsync(new FindAccount(account), cancellationToken);
        if (row is not { Account.IsActive: true })
            return unit.Refuse(new UpdateProfileOutcome.NotFound());
        if (changed.Rows.Count == 0)
            return unit.Refuse(new UpdateProfileOutcome.VersionConflict(row.Account.Version));
        AccountChanged.Enqueue(unit, row.Account, Action);
        return new UpdateProfileOutcome.Updated(row.Open(secrets));
    }

    // A game that cannot be told now is told by the relay: the change is made, and a name may be a little late there.
    private async Task DeliverAsync(Guid account, CancellationToken cancellationToken)
    {
        try
        {
            await projections.DeliverAsync(account, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or GamekeeperException or TimeoutException)
        {
            LogDelayed(logger, account, failure.Message);
        }
    }

    private static List<FieldError> Check(ProfileChange change)
    {
        var errors = new List<FieldError>();
        if (change.DisplayName is { Length: > 0 } && AccountFields.DisplayName(change.DisplayName) is { } displayName)
            errors.Add(displayName);
        if (change.AvatarUrl is { Length: > 0 } && AccountFields.AvatarUrl(change.AvatarUrl) is { } avatarUrl)
            errors.Add(avatarUrl);
        if (AccountFields.Settings(change.Settings) is { } settings)
            errors.Add(settings);
        return errors;
    }

    private static string? Code(UpdateProfileOutcome outcome) =>
        outcome switch
        {
            UpdateProfileOutcome.Updated => null,
            UpdateProfileOutcome.NotFound => AccountErrors.NotFound,
            UpdateProfileOutcome.VersionConflict => AccountErrors.VersionConflict,
            _ => AccountErrors.Invalid,
        };

    [LoggerMessage(300, LogLevel.Warning, "The games will learn of the change of account {Account} from the relay, not at once: {Reason}")]
    private static partial void LogDelayed(ILogger logger, Guid account, string reason);
}

/// <summary>What is to change; null leaves a field as it is, an empty text clears it.</summary>
/// <param name="DisplayName">At most 100 characters.</param>
/// <param name="AvatarUrl">An https address of at most 2048 characters.</param>
/// <param name="Settings">Members to set, or with null to remove; 16 KiB in all.</param>
/// <param name="ExpectedVersion">Refused when the account has moved on from this version; null for any.</param>
public sealed record ProfileChange(
    string? DisplayName = null,
    string? AvatarUrl = null,
    JsonElement? Settings = null,
    long? ExpectedVersion = null
);

/// <summary>What became of a change of profile.</summary>
public abstract record UpdateProfileOutcome
{
    private UpdateProfileOutcome() { }

    /// <summary>As it is now.</summary>
    public sealed record Updated(Account Account) : UpdateProfileOutcome;

    /// <summary>Every field that is wrong, with what it takes.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : UpdateProfileOutcome;

    /// <summary>Someone else changed it; it is at this version now.</summary>
    public sealed record VersionConflict(long CurrentVersion) : UpdateProfileOutcome;

    /// <summary>No such account, or closed, or not the actor's.</summary>
    public sealed record NotFound : UpdateProfileOutcome;
}

file sealed record ChangeProfile(Guid Account, ProfileChange Change) : IQuery<ChangeProfile, long>
{
    // The row is locked by the update itself, and the merge is made on what it then holds: no change of another member is lost.
    public static string Sql =>
        """
        update core.accounts
        set display_name = case when $2::text is null then display_name else nullif($2, '') end,
            avatar_url = case when $3::text is null then avatar_url else nullif($3, '') end,
            settings = case
              when $4::jsonb is null then settings
              else (settings || $4) - array(select key from jsonb_each($4) where value = 'null'::jsonb)
            end,
            version = version + 1
        where id = $1
          and is_active
          and ($5::bigint is null or version = $5)
        returning version
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Account)
            .AddNullable(Change.DisplayName)
            .AddNullable(Change.AvatarUrl)
            .AddJson(Change.Settings?.GetRawText())
            .AddNullable(Change.ExpectedVersion);

    public static long Read(NpgsqlDataReader row) => row.GetInt64(0);
}
