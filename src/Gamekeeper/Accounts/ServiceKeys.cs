using System.Security.Cryptography;
using Gamekeeper.Auditing;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Accounts;

/// <summary>Keys with which game servers and tools act. Only a hash of each is stored.</summary>
public sealed class ServiceKeys(GameDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan TouchAtMostEvery = TimeSpan.FromMinutes(1);

    /// <summary>Makes a key. Not safe to repeat: each call makes another.</summary>
    public async Task<CreateServiceKeyOutcome> CreateAsync(ServiceKeyInput input, Actor actor, CancellationToken cancellationToken = default)
    {
        if (actor.Kind is not (ActorKind.Operator or ActorKind.System))
        {
            await AccountRefusal.RecordAsync(database, actor, "service-key.create", null, AccountErrors.NotAllowed, cancellationToken);
            return new CreateServiceKeyOutcome.NotAllowed();
        }
        var errors = Check(input);
        if (errors.Count > 0)
            return new CreateServiceKeyOutcome.Invalid(errors);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var text = ServiceKeyText.Make(id, out var hash);
        return await database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new("service-key.create", id.ToString())));
                var key = await unit.FirstAsync(new InsertServiceKey(id, input, hash, actor.Id), ct);
                return new CreateServiceKeyOutcome.Created(key!, text);
            },
            cancellationToken
        );
    }

    /// <summary>What a presented text is. One indexed read; the last use is noted at most once a minute.</summary>
    public async Task<FindServiceKeyOutcome> FindAsync(string? text, CancellationToken cancellationToken = default)
    {
        if (!ServiceKeyText.TryRead(text, out var id, out var hash))
            return new FindServiceKeyOutcome.Unknown();
        var found = await database.FirstAsync(new FindServiceKey(id), cancellationToken);
        if (found is not var (key, stored) || !CryptographicOperations.FixedTimeEquals(stored, hash))
            return new FindServiceKeyOutcome.Unknown();
        var now = clock.GetUtcNow();
        if (key.RevokedAt is not null)
            return new FindServiceKeyOutcome.Revoked();
        if (key.ExpiresAt <= now)
            return new FindServiceKeyOutcome.Expired();
        if (key.LastUsed is null || now - key.LastUsed >= TouchAtMostEvery)
            await TouchAsync(id, now, cancellationToken);
        return new FindServiceKeyOutcome.Found(key.Id, key.Name, key.Scopes);
    }

    /// <summary>Refuses a key from now on. False when there is none, or the actor may not. Safe to repeat, with the same answer.</summary>
    public Task<bool> RevokeAsync(Guid id, Actor actor, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var allowed = actor.Kind is ActorKind.Operator or ActorKind.System;
                var revoked = allowed && (await unit.ListAsync(new RevokeServiceKey(id, clock.GetUtcNow()), ct)).Count > 0;
                var code = revoked ? null : allowed ? AccountErrors.ServiceKeyUnknown : AccountErrors.NotAllowed;
                unit.Enqueue(new WriteActivity<CoreSchema>(actor, new("service-key.revoke", id.ToString(), code)));
                return revoked;
            },
            cancellationToken
        );

    /// <summary>All keys, newest first, at most 1000.</summary>
    public Task<IReadOnlyList<ServiceKey>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ListAsync(new ListServiceKeys(), cancellationToken);

    private Task TouchAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Actor.System(clock),
            (unit, _) =>
            {
                unit.MarkRepeatable();
                unit.Enqueue(new TouchServiceKey(id, now, now - TouchAtMostEvery));
                return Task.CompletedTask;
            },
            cancellationToken
        );

    private List<FieldError> Check(ServiceKeyInput input)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(input.Name) || input.Name.Length > 100 || input.Name.Any(char.IsControl))
            errors.Add(new("name", "takes 1 to 100 characters, no control characters"));
        if (input.Scopes.Count == 0 || input.Scopes.Except(ServiceScopes.All).Any())
            errors.Add(new("scopes", $"takes at least one of {string.Join(", ", ServiceScopes.All)}"));
        if (input.ExpiresAt <= clock.GetUtcNow())
            errors.Add(new("expiresAt", "takes an instant in the future, or nothing for no end"));
        return errors;
    }
}

file static class ServiceKeyRow
{
    public const string Columns = "id, name, scopes, created_by, created_at, expires_at, revoked_at, last_used";

    public static ServiceKey Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetString(1),
            row.GetFieldValue<string[]>(2),
            row.IsDBNull(3) ? null : row.GetGuid(3),
            row.GetFieldValue<DateTimeOffset>(4),
            Instant(row, 5),
            Instant(row, 6),
            Instant(row, 7)
        );

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

file sealed record InsertServiceKey(Guid Id, ServiceKeyInput Input, byte[] Hash, Guid? CreatedBy) : IQuery<InsertServiceKey, ServiceKey>
{
    public static string Sql { get; } =
        $"""
        insert into core.service_keys (id, name, scopes, secret_hash, created_by, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        returning {ServiceKeyRow.Columns}
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Id)
            .Add(Input.Name)
            .Add(Input.Scopes.Distinct().ToArray())
            .Add(Hash)
            .AddNullable(CreatedBy)
            .AddNullable(Input.ExpiresAt?.ToUniversalTime());

    public static ServiceKey Read(NpgsqlDataReader row) => ServiceKeyRow.Read(row);
}

file sealed record FindServiceKey(Guid Id) : IQuery<FindServiceKey, Tuple<ServiceKey, byte[]>>
{
    public static string Sql { get; } = $"select {ServiceKeyRow.Columns}, secret_hash from core.service_keys where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static Tuple<ServiceKey, byte[]> Read(NpgsqlDataReader row) => Tuple.Create(ServiceKeyRow.Read(row), row.GetFieldValue<byte[]>(8));
}

file sealed record ListServiceKeys : IQuery<ListServiceKeys, ServiceKey>
{
    public static string Sql { get; } = $"select {ServiceKeyRow.Columns} from core.service_keys order by created_at desc, id limit 1000";

    public void Bind(StatementParameters parameters) { }

    public static ServiceKey Read(NpgsqlDataReader row) => ServiceKeyRow.Read(row);
}

file sealed record RevokeServiceKey(Guid Id, DateTimeOffset Now) : IQuery<RevokeServiceKey, Guid>
{
    public static string Sql => "update core.service_keys set revoked_at = coalesce(revoked_at, $2) where id = $1 returning id";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Now);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

file sealed record TouchServiceKey(Guid Id, DateTimeOffset Now, DateTimeOffset NotSince) : IStatement<TouchServiceKey>
{
    public static string Sql =>
        "update core.service_keys set last_used = $2 where id = $1 and (last_used is null or last_used <= $3)";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Now).Add(NotSince);
}
