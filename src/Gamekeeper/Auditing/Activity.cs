using Gamekeeper.Transactions;
using NpgsqlTypes;

namespace Gamekeeper.Auditing;

/// <summary>What someone did or tried. Address and agent are taken from the actor and kept here, once per request.</summary>
/// <param name="Action">The verb, such as <c>trade.accept</c>.</param>
/// <param name="Subject">The id of what was acted on.</param>
/// <param name="ErrorCode">Null for success, else the published code of the refusal.</param>
/// <param name="Details">Ids and numbers as JSON; never personal text.</param>
public sealed record Activity(string Action, string? Subject, string? ErrorCode = null, string? Details = null);

/// <summary>Writes an activity into a schema's log, in the caller's transaction: if it cannot be written, the act fails.</summary>
public sealed record WriteActivity<TSchema>(Actor Actor, Activity Activity) : IStatement<WriteActivity<TSchema>>
    where TSchema : ISchemaOwner
{
    /// <inheritdoc />
    public static string Sql { get; } =
        $"""
        insert into {TSchema.Schema}.activity_log
          (action, subject, succeeded, error_code, details, user_id, actor_kind, request_id, ip_address, user_agent)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    /// <inheritdoc />
    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Activity.Action)
            .AddNullable(Activity.Subject)
            .Add(Activity.ErrorCode is null)
            .AddNullable(Activity.ErrorCode)
            .AddJson(Activity.Details)
            .AddNullable(Actor.Id)
            .Add(Actor.Kind.ToString().ToLowerInvariant())
            .Add(Actor.RequestId)
            .Add(Actor.IpAddress, NpgsqlDbType.Inet)
            .AddNullable(Actor.UserAgent);
}
