using Gamekeeper.Transactions;

namespace Gamekeeper.Outbox;

/// <summary>Something that has happened and must be told, written in the transaction in which it happened.</summary>
/// <param name="Topic">What happened, such as <c>trade.completed</c>.</param>
/// <param name="Subject">The id of what it happened to.</param>
/// <param name="Version">The subject's version, so that a consumer can order and drop.</param>
/// <param name="Payload">Ids and numbers as JSON; never personal text.</param>
public sealed record OutboxEvent(string Topic, string Subject, long Version, string Payload);

/// <summary>Writes events into a schema's outbox.</summary>
public sealed record WriteOutbox<TSchema>(IReadOnlyList<OutboxEvent> Events) : IStatement<WriteOutbox<TSchema>>
    where TSchema : ISchemaOwner
{
    /// <inheritdoc />
    public static string Sql { get; } =
        $"""
        insert into {TSchema.Schema}.outbox (topic, subject, version, payload)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[])
        """;

    /// <inheritdoc />
    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Events.Select(e => e.Topic).ToArray())
            .Add(Events.Select(e => e.Subject).ToArray())
            .Add(Events.Select(e => e.Version).ToArray())
            .Add(Events.Select(e => e.Payload).ToArray(), NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Jsonb);
}
