using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>
/// Names the actor for this transaction only, so that nothing is left on a pooled connection and PgBouncer may hand it on.
/// The settings are read by row security, by the audit triggers and by column defaults.
/// </summary>
internal sealed record SetActor(Actor Actor) : IQuery<SetActor, bool>
{
    public static string Sql => "select core.set_actor($1, $2, $3) is not null";

    public void Bind(StatementParameters parameters) =>
        parameters
            .AddNullable(Actor.Id)
            .Add(Actor.Kind.ToString().ToLowerInvariant())
            .Add(Actor.RequestId);

    public static bool Read(NpgsqlDataReader row) => true;
}
