using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Idempotency;

/// <summary>
/// Looks for the stored outcome. It stands after the statement that locks, in the same batch: whoever waited for the lock then sees
/// what the first request under the same key has committed.
/// </summary>
public sealed record FindOutcome<TSchema>(Guid Actor, IdempotentRequest? Request) : IQuery<FindOutcome<TSchema>, StoredOutcome>
    where TSchema : ISchemaOwner
{
    /// <inheritdoc />
    public static string Sql { get; } =
        $"select fingerprint, outcome::text from {TSchema.Schema}.idempotency_keys where actor_id = $1 and key = $2";

    /// <inheritdoc />
    public void Bind(StatementParameters parameters) => parameters.Add(Actor).AddNullable(Request?.Key.Value);

    /// <inheritdoc />
    public static StoredOutcome Read(NpgsqlDataReader row) => new(row.GetFieldValue<byte[]>(0), row.GetString(1));
}

/// <summary>
/// Stores the outcome with its effect, as the first statement that writes: a second request under the same key waits here for the
/// first one's commit and is then run again, to find that outcome.
/// </summary>
public sealed record StoreOutcome<TSchema>(Guid Actor, IdempotentRequest Request, string Outcome) : IStatement<StoreOutcome<TSchema>>
    where TSchema : ISchemaOwner
{
    /// <inheritdoc />
    public static string Sql { get; } =
        $"insert into {TSchema.Schema}.idempotency_keys (actor_id, key, verb, fingerprint, outcome) values ($1, $2, $3, $4, $5)";

    /// <inheritdoc />
    public void Bind(StatementParameters parameters) =>
        parameters.Add(Actor).Add(Request.Key.Value).Add(Request.Verb).Add(Request.Fingerprint).AddJson(Outcome);
}

/// <summary>What was stored under a key.</summary>
/// <param name="Fingerprint">Of the request that was answered.</param>
/// <param name="Outcome">The stored ids, as JSON.</param>
public sealed record StoredOutcome(byte[] Fingerprint, string Outcome)
{
    /// <summary>False when the key was used for another request.</summary>
    public bool Answers(IdempotentRequest request) => Fingerprint.AsSpan().SequenceEqual(request.Fingerprint);
}
