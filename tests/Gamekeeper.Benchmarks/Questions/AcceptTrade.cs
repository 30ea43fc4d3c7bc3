using System.Runtime.CompilerServices;
using Gamekeeper.Auditing;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.Idempotency;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Transactions;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What do deciding, hashing and signing a trade cost on top of what the server does for it?</summary>
internal sealed class AcceptTradeOf3For3 : IQuestion
{
    // How many trades of one client fit into a second, generously: they are prepared before.
    private static readonly (int Clients, int PerSecond)[] Loads = [(1, 150), (8, 300), (32, 300)];

    // Both round trips of the product, in its order. What it computes in between is fetched before; that time is taken off again.
    private static readonly string Script = new PgBenchScript()
        .Meta("\\set i :i + 1")
        .Meta("\\set n :first + :i * :clients + :client_id")
        .Meta("select * from bench.staged where n = :n \\gset")
        .Together(s =>
            s.Sql("begin")
                .Statement<SetActor>("actor", "player", "request")
                .Statement<HoldParties>("trade")
                .Statement<LockTradeCards>("trade")
                .Statement<LockTradeAndRivals>("trade")
                .Statement<NextMoment>()
                .Statement<FindOutcome<SummonersGridModule>>("actor", "key")
        )
        .Together(s =>
            s.Statement<StoreOutcome<SummonersGridModule>>("actor", "key", "verb", "fingerprint", "outcome")
                .Statement<MoveCards>("cards", "givers", "takers", "positions", "signatures", "moment")
                .Statement<InsertOperation>("operation", "sequence", "kind", "six", "root", "key_id", "operation_signature", "actor", "player", "moment")
                .Statement<InsertEvents>(
                    "events", "cards", "operation", "moment", "positions", "givers", "takers", "methods", "datas", "salts", "hashes", "signatures"
                )
                .Statement<CompleteTrade>("trade", "operation", "moment")
                .Statement<WriteOutbox<SummonersGridModule>>("topics", "subjects", "versions", "payloads")
                .Statement<WriteActivity<SummonersGridModule>>("verb", "trade", "yes", "null", "details", "actor", "player", "request", "null", "null")
                .Sql("commit")
        )
        .ToString();

    public string Name => "trade";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var options = database.Options;
        var loads = Loads.Select(l => new Load(l.Clients, options.Duration, options.WarmUp, Math.Max(4, (int)(l.PerSecond * options.Duration.TotalSeconds / l.Clients)))).ToList();
        var offers = await StagedOffers.PrepareAsync(database, loads.Sum(l => l.Clients * l.PerClient!.Value) * (options.Rounds + 1), cancellationToken);
        await database.SettleAsync(cancellationToken);
        foreach (var load in loads)
        {
            var measured = await Comparison.RunAsync(
                options.Rounds,
                _ => OursAsync(database, offers, load, cancellationToken),
                _ => database.PgBench.RunAsync(load, [Script], Variables(load, offers.TakeStaged(load)), fetch: true, cancellationToken)
            );
            yield return Line.Throughput($"accept a trade of 3 for 3, {Clients.Say(load.Clients)}", measured, "pgbench, the same two batches", 0.85);
        }
    }

    /// <summary>Accepts offers that wait, each once.</summary>
    public static Task<Run> OursAsync(BenchDatabase database, StagedOffers offers, Load load, CancellationToken cancellationToken)
    {
        var accept = database.Get<AcceptTrade>();
        var first = offers.Take(load);
        return load.DriveAsync(
            async (client, i, ct) =>
            {
                var (trade, target) = offers.Waiting[first + i * load.Clients + client];
                var outcome = await accept.RunAsync(Actor.Player(target, database.Clock), trade, new IdempotencyKey($"accept-{trade}"), ct);
                if (outcome is not AcceptTradeOutcome.Accepted { IsReplay: false })
                    throw new InvalidOperationException($"The trade was not accepted: {outcome}");
            },
            cancellationToken
        );
    }

    private static Dictionary<string, string> Variables(Load load, int first) =>
        new()
        {
            ["i"] = "-1",
            ["first"] = Text(first),
            ["clients"] = Text(load.Clients),
            ["player"] = "player",
            ["verb"] = "trade.accept",
            ["kind"] = "trade",
            ["six"] = "6",
            ["yes"] = "true",
        };

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
