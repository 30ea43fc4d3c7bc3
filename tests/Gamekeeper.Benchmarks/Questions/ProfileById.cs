using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.SummonersGrid.Players;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>How much of the server's own speed is left of a profile read by its id?</summary>
internal sealed class ProfileById : IQuestion
{
    public string Name => "profile";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        var numbers = Enumerable.Range(0, 64).Select(i => (int)(1 + (long)i * database.Options.Users / 64));
        var players = await database.PlayersAsync(numbers, cancellationToken);
        var variables = players.Select((p, i) => KeyValuePair.Create($"id{i}", p.ToString())).ToList();
        var scripts = variables.Select(v => new PgBenchScript().Statement<FindPlayer>(v.Key).ToString()).ToList();
        foreach (var clients in new[] { 1, 16 })
        {
            var load = new Load(clients, database.Options.Duration, database.Options.WarmUp);
            var measured = await Comparison.RunAsync(
                database.Options.Rounds,
                _ => OursAsync(database, players, load, cancellationToken),
                _ => database.PgBench.RunAsync(load, scripts, variables, fetch: false, cancellationToken)
            );
            yield return Line.Throughput($"profile by id, {Clients.Say(clients)}", measured, "pgbench, the same statement", 0.7);
        }
    }

    public static Task<Run> OursAsync(BenchDatabase database, IReadOnlyList<Guid> players, Load load, CancellationToken cancellationToken)
    {
        var repository = database.Get<PlayerRepository>();
        return load.DriveAsync(
            async (client, i, ct) => Found.Or(await repository.FindAsync(players[(client * 7 + i) % players.Count], ct)),
            cancellationToken
        );
    }
}
