using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Integrity.Checkpoints;

internal static class CheckpointRow
{
    public const string Columns = "number, payload, key_id, signature";

    public static SignedCheckpoint Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3));
}

/// <summary>From a number on, in order; leans on checkpoints_pkey.</summary>
internal sealed record ReadCheckpoints(long From) : IQuery<ReadCheckpoints, SignedCheckpoint>
{
    public static string Sql => $"select {CheckpointRow.Columns} from core.checkpoints where number >= $1 order by number";

    public void Bind(StatementParameters parameters) => parameters.Add(From);

    public static SignedCheckpoint Read(NpgsqlDataReader row) => CheckpointRow.Read(row);
}

/// <summary>Before a number, the newest first; leans on checkpoints_pkey.</summary>
internal sealed record NewestCheckpoints(long Before, int Limit) : IQuery<NewestCheckpoints, SignedCheckpoint>
{
    public static string Sql => $"select {CheckpointRow.Columns} from core.checkpoints where number < $1 order by number desc limit $2";

    public void Bind(StatementParameters parameters) => parameters.Add(Before).Add(Limit);

    public static SignedCheckpoint Read(NpgsqlDataReader row) => CheckpointRow.Read(row);
}

/// <summary>False when another node was first.</summary>
internal sealed record InsertCheckpoint(SignedCheckpoint Signed) : IQuery<InsertCheckpoint, bool>
{
    public static string Sql =>
        """
        with inserted as (
          insert into core.checkpoints (number, created_at, previous_hash, hash, payload, key_id, signature)
          values ($1, $2, $3, $4, $5, $6, $7)
          on conflict do nothing
          returning 1
        )
        select exists (select from inserted)
            or exists (select from core.checkpoints where number = $1 and payload = $5 and signature = $7)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Signed.Number)
            .Add(Signed.Said.At)
            .Add(Signed.Said.Previous is { } previous ? Convert.FromHexString(previous.Hash) : new byte[32])
            .Add(Signed.Hash)
            .Add(Signed.Payload)
            .Add(Signed.KeyId)
            .Add(Signed.Signature);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>The database's clock, which all nodes share.</summary>
internal sealed record CheckpointTime : IQuery<CheckpointTime, DateTimeOffset>
{
    public static string Sql => "select clock_timestamp()";

    public void Bind(StatementParameters parameters) { }

    public static DateTimeOffset Read(NpgsqlDataReader row) => row.GetFieldValue<DateTimeOffset>(0);
}

/// <summary>How old the newest one is; where there is none, for how long the job has been known. Null when neither is.</summary>
internal sealed record FindCheckpointAge : IQuery<FindCheckpointAge, TimeSpan?>
{
    public static string Sql =>
        """
        select clock_timestamp() - coalesce(
          (select created_at from core.checkpoints order by number desc limit 1),
          (select registered_at from core.jobs where name = 'core.checkpoints'))
        """;

    public void Bind(StatementParameters parameters) { }

    public static TimeSpan? Read(NpgsqlDataReader row) => row.IsDBNull(0) ? null : row.GetFieldValue<TimeSpan>(0);
}

/// <summary>The first one of so long ago or less; null when there is none. Few are younger than that, and they are walked from the newest on.</summary>
internal sealed record FirstCheckpointSince(TimeSpan Ago) : IQuery<FirstCheckpointSince, long?>
{
    public static string Sql =>
        """
        select min(number)
        from core.checkpoints
        where number > coalesce((select number from core.checkpoints where created_at <= clock_timestamp() - $1::interval order by number desc limit 1), 0)
          and $1::interval > interval '0'
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Ago);

    public static long? Read(NpgsqlDataReader row) => row.IsDBNull(0) ? null : row.GetInt64(0);
}

/// <summary>The newest one that is at least so old; null when there is none. Walked from the newest on.</summary>
internal sealed record NewestCheckpointBefore(TimeSpan Ago) : IQuery<NewestCheckpointBefore, SignedCheckpoint>
{
    public static string Sql =>
        $"select {CheckpointRow.Columns} from core.checkpoints where created_at <= clock_timestamp() - $1::interval order by number desc limit 1";

    public void Bind(StatementParameters parameters) => parameters.Add(Ago);

    public static SignedCheckpoint Read(NpgsqlDataReader row) => CheckpointRow.Read(row);
}
