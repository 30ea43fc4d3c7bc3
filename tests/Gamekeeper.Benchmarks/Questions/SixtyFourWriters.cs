using System.Globalization;
using System.Runtime.CompilerServices;
using Gamekeeper.Batching;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What is a commit worth that many writers share, when each still waits for the disk?</summary>
internal sealed class SixtyFourWriters : IQuestion
{
    private const int Writers = 64;

    private const string Payload = """{"turn": 17, "player": 3, "piece": "knight", "from": [4, 7], "to": [6, 8], "clock_ms": 184223}""";

    private static readonly string Script = new PgBenchScript()
        .Meta("\\set i :i + 1")
        .Meta("\\set writer :client_id + 1000")
        .Meta("\\set place :round * 10000000 + :i")
        .Sql("insert into bench.moves (writer, place, payload) values ($1, $2, $3)", "writer", "place", "payload")
        .ToString();

    public string Name => "writers";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var load = new Load(Writers, database.Options.Duration, database.Options.WarmUp);
        await using var group = new GroupCommit<Move, (int, long)>(
            database.Get<GameDatabase>(),
            database.Clock,
            () => Actor.System(database.Clock),
            (unit, rows, _) => Task.FromResult(unit.Enqueue(new InsertMoves(rows))),
            move => (move.Writer, move.Place),
            new GroupCommitOptions { Name = "bench.moves" },
            orderOf: move => move.Writer
        );
        var measured = await Comparison.RunAsync(
            database.Options.Rounds,
            round => load.DriveAsync(
                async (writer, i, ct) =>
                {
                    if (await group.WriteAsync(new Move(writer, round * 10_000_000L + i, Payload), ct) is not GroupCommitOutcome.Written)
                        throw new InvalidOperationException("A move was not written.");
                },
                cancellationToken
            ),
            round => database.PgBench.RunAsync(
                load,
                [Script],
                new Dictionary<string, string> { ["i"] = "-1", ["round"] = round.ToString(CultureInfo.InvariantCulture), ["payload"] = Payload },
                fetch: false,
                cancellationToken
            )
        );
        yield return Line.Throughput("64 writers, each awaiting its durable row, through GroupCommit", measured, "pgbench, a commit a row", 2.8);
    }
}

/// <summary>A move of a match, as a game would journal it.</summary>
internal sealed record Move(int Writer, long Place, string Payload);

internal sealed record InsertMoves(IReadOnlyList<Move> Moves) : IQuery<InsertMoves, (int, long)>
{
    public static string Sql =>
        """
        insert into bench.moves (writer, place, payload)
        select * from unnest($1::int[], $2::bigint[], $3::jsonb[])
        on conflict (writer, place) do nothing
        returning writer, place
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Moves.Select(m => m.Writer).ToArray())
            .Add(Moves.Select(m => m.Place).ToArray())
            .Add(Moves.Select(m => m.Payload).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb);

    public static (int, long) Read(NpgsqlDataReader row) => (row.GetInt32(0), row.GetInt64(1));
}
