using Gamekeeper.Telemetry;
using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>Several reads on one connection; what is enqueued together travels together.</summary>
public sealed class ReadScope : StatementQueue
{
    internal ReadScope(NpgsqlConnection connection, Actor? actor, RoundTripObserver observer)
        : base(connection, observer)
    {
        if (actor is not null)
            Enqueue(new SetActor(actor));
    }
}

/// <summary>How fresh an answer has to be.</summary>
public enum ReadConsistency
{
    /// <summary>From the primary: every acknowledged write is in it.</summary>
    Strong,

    /// <summary>From a replica where one is configured, else from the primary: may lag by the replica's delay.</summary>
    Eventual,
}
