using System.Security.Cryptography;
using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Idempotency;
using Gamekeeper.Privacy;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Makes accounts. Signing up does not sign in; call <see cref="LoginSessions.SignInAsync"/> next.</summary>
public sealed class SignUp(GameDatabase database, AccountSecrets secrets, MasterKeys masterKeys, Passwords passwords, TimeProvider clock)
{
    private const string Action = "account.sign-up";

    /// <summary>
    /// Makes a person's account in one transaction of the core. Under an idempotency key it is safe to repeat: the same request has its
    /// effect once and the same answer. Keys of strangers share one namespace, so take a random one.
    /// </summary>
    /// <param name="input">Checked here; every problem is reported at once.</param>
    /// <param name="from">Who asks, from where; the deed itself is the system's.</param>
    /// <param name="key">The caller's name for this request, or null.</param>
    /// <param name="cancellationToken">Ends the attempt before its commit.</param>
    public async Task<SignUpOutcome> RunAsync(
        SignUpInput input,
        Actor from,
        IdempotencyKey? key = null,
        CancellationToken cancellationToken = default
    )
    {
        var errors = Check(input, out var email);
        if (errors.Count > 0)
            return new SignUpOutcome.Invalid(errors);
        var actor = from.AsSystem();
        if (AccountFields.IsReserved(input.Username))
        {
            await AccountRefusal.RecordAsync(database, actor, Action, null, AccountErrors.UsernameTaken, cancellationToken);
            return new SignUpOutcome.UsernameTaken();
        }
        // Hashed before the transaction, so that no connection waits for it.
        var hash = input.Password is null ? null : await passwords.HashAsync(input.Password, cancellationToken);
        var account = new NewAccount(Guid.CreateVersion7(clock.GetUtcNow()), AccountKind.Person, input.Username, input.DisplayName, email, hash);
        return await WriteAsync(account, key is { } given ? Requests(given, input, email) : [], actor, cancellationToken);
    }

    /// <summary>
    /// Makes a guest: a generated name, no e-mail, no password. Sign it in with
    /// <see cref="LoginSessions.OpenAsync"/>; whoever holds that session's refresh token is the guest.
    /// </summary>
    public async Task<SignUpOutcome> RunGuestAsync(string? displayName, Actor from, CancellationToken cancellationToken = default)
    {
        if (AccountFields.DisplayName(displayName) is { } problem)
            return new SignUpOutcome.Invalid([problem]);
        var username = "guest-" + RandomNumberGenerator.GetHexString(20, lowercase: true);
        var account = new NewAccount(Guid.CreateVersion7(clock.GetUtcNow()), AccountKind.Guest, username, displayName, null, null);
        return await WriteAsync(account, [], from.AsSystem(), cancellationToken);
    }

    private async Task<SignUpOutcome> WriteAsync(
        NewAccount account,
        IReadOnlyList<IdempotentRequest> requests,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await database.WriteAsync(actor, (unit, ct) => WorkAsync(unit, account, requests, ct), cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation && Taken(failure) is not null)
        {
            var (outcome, code) = Taken(failure)!.Value;
            await AccountRefusal.RecordAsync(database, actor, Action, null, code, cancellationToken);
            return outcome;
        }
    }

    private async Task<SignUpOutcome> WorkAsync(
        UnitOfWork unit,
        NewAccount account,
        IReadOnlyList<IdempotentRequest> requests,
        CancellationToken cancellationToken
    )
    {
        if (requests.Count > 0)
        {
            unit.MarkRepeatable();
            var stored = await unit.FirstAsync(new FindOutcome<CoreSchema>(unit.Actor.Key, requests[0]), cancellationToken);
            if (stored is not null)
                return unit.Refuse(await RepeatAsync(unit, stored, requests, cancellationToken));
            unit.Enqueue(new StoreOutcome<CoreSchema>(unit.Actor.Key, requests[0], JsonSerializer.Serialize(account.Id)));
        }
        var key = secrets.Make(account.Id, out var wrapped);
        var ciphertext = account.Email is { } address ? key.Encrypt(AccountRow.EmailColumn, address.Value) : null;
        unit.Enqueue(new InsertAccount(account, ciphertext));
        AccountSecrets.Store(unit, account.Id, wrapped);
        if (account.Email is { } email)
            unit.Enqueue(new InsertEmailHashes(account.Id, EmailHash.AllOf(email, masterKeys)));
        unit.Enqueue(new WriteActivity<CoreSchema>(unit.Actor, new(Action, account.Id.ToString())));
        var row = await unit.FirstAsync(new FindAccount(account.Id), cancellationToken);
        return new SignUpOutcome.Created(row!.Open(secrets));
    }

    private async Task<SignUpOutcome> RepeatAsync(
        UnitOfWork unit,
        StoredOutcome stored,
        IReadOnlyList<IdempotentRequest> requests,
        CancellationToken cancellationToken
    )
    {
        if (!requests.Any(stored.Answers))
            return new SignUpOutcome.KeyReused();
        var row = await unit.FirstAsync(new FindAccount(JsonSerializer.Deserialize<Guid>(stored.Outcome)), cancellationToken);
        return row is null ? new SignUpOutcome.KeyReused() : new SignUpOutcome.Created(row.Open(secrets));
    }

    // The fingerprint of a plain request would be a fast hash of the password. It is keyed, and known under each key of a rotation.
    private IReadOnlyList<IdempotentRequest> Requests(IdempotencyKey key, SignUpInput input, EmailAddress? email)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { input.Username, email?.Value, input.Password, input.DisplayName });
        return [.. masterKeys.Ids.Select(id => new IdempotentRequest(key, Action, masterKeys.Mac(id, "fingerprint", body)))];
    }

    private static List<FieldError> Check(SignUpInput input, out EmailAddress? email)
    {
        var errors = new List<FieldError>();
        email = null;
        if (AccountFields.Username(input.Username) is { } username)
            errors.Add(username);
        if (input.Email is not null)
        {
            if (EmailAddress.TryParse(input.Email, out var address))
                email = address;
            else
                errors.Add(new("email", EmailAddress.Rule));
        }
        if (input.Password is not null && Passwords.Problem(input.Password) is { } password)
            errors.Add(password);
        if (AccountFields.DisplayName(input.DisplayName) is { } displayName)
            errors.Add(displayName);
        return errors;
    }

    private static (SignUpOutcome Outcome, string Code)? Taken(PostgresException failure) =>
        failure.ConstraintName switch
        {
            "accounts_username_unique" => (new SignUpOutcome.UsernameTaken(), AccountErrors.UsernameTaken),
            "email_hashes_pkey" => (new SignUpOutcome.EmailTaken(), AccountErrors.EmailTaken),
            _ => null,
        };
}
