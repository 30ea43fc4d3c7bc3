using Gamekeeper.Batching;
using Gamekeeper.Transactions;
using NpgsqlTypes;

namespace Gamekeeper.Accounts;

/// <summary>
/// That a session was used just now. Every request says so; it is written every half minute, for each session once. It changes no cached answer
/// about the session, and the trigger that drops those passes over it.
/// </summary>
public sealed record SessionUse(Guid Session, DateTimeOffset At)
{
    internal static readonly WriteBehindOptions WrittenBehind = new()
    {
        Name = "core.session-use",
        LossIsFineSince = "A session that was used half a minute later than it says is used again soon, and nothing is decided by it.",
        Interval = TimeSpan.FromSeconds(30),
        MaxBatch = 1000,
    };
}

/// <summary>Never back in time: a process may be late with what it knows. In the order of ids, since others lock several sessions, too.</summary>
internal sealed record NoteUses(IReadOnlyList<SessionUse> Uses) : IStatement<NoteUses>
{
    public static string Sql =>
        """
        with used as (
          select s.id, u.at
          from core.login_sessions s
          join unnest($1::uuid[], $2::timestamptz[]) as u (id, at) on u.id = s.id
          where s.last_used < u.at
          order by s.id
          for no key update of s
        )
        update core.login_sessions s
        set last_used = u.at
        from used u
        where s.id = u.id
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Uses.Select(u => u.Session).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .Add(Uses.Select(u => u.At).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);
}
