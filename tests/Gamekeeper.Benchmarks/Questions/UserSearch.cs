using System.Globalization;
using System.Runtime.CompilerServices;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Volume;
using Gamekeeper.SummonersGrid.Players;

namespace Gamekeeper.Benchmarks.Questions;

/// <summary>What does a search by part of a name or by words cost beside the server's own time?</summary>
internal sealed class UserSearch : IQuestion
{
    public string Name => "users";

    public async IAsyncEnumerable<Line> AnswerAsync(BenchDatabases databases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = databases.Full;
        // An odd number, or the middle of all latencies may lie between those of two texts, and chance decides on which side.
        var numbers = Enumerable.Range(1, 9).Select(i => (int)((long)i * database.Options.Users / 10));
        var names = await database.NamesAsync(numbers, cancellationToken);
        var parts = names.Select(n => n.Username.Split('_') is [_, var noun, var number] ? $"{noun}_{number[..2]}" : n.Username).ToList();
        var words = names.Select(n => n.DisplayName).ToList();
        await Plans.UseIndexAsync(database, new PlayersBySubstring(parts[0], PlayerQuestion.DefaultLimit), "idx_users_names_trigram", "users", cancellationToken);
        await Plans.UseIndexAsync(database, new PlayersByWords(words[0], PlayerQuestion.DefaultLimit), "idx_users_search_simple", "users", cancellationToken);

        var substring = await CompareAsync(
            database,
            parts,
            PlayerSearchMode.Substring,
            i => new PgBenchScript().Statement<PlayersBySubstring>($"text{i}", "limit", $"pattern{i}").ToString(),
            cancellationToken
        );
        yield return Line.Latency($"user search by part of a name, {database.Options.Users:N0} players", substring, "pgbench, the same statement", 1.3);
        var word = await CompareAsync(
            database,
            words,
            PlayerSearchMode.Words,
            i => new PgBenchScript().Statement<PlayersByWords>($"text{i}", "limit").ToString(),
            cancellationToken
        );
        yield return Line.Latency($"user search by words, {database.Options.Users:N0} players", word, "pgbench, the same statement", 1.3);
    }

    private static Task<Comparison> CompareAsync(
        BenchDatabase database,
        List<string> texts,
        PlayerSearchMode mode,
        Func<int, string> script,
        CancellationToken cancellationToken
    )
    {
        var load = new Load(1, database.Options.Duration, database.Options.WarmUp);
        var variables = texts.SelectMany((text, i) => new Dictionary<string, string>
        {
            [$"text{i}"] = text,
            [$"pattern{i}"] = $"%{text.Replace("_", "\\_", StringComparison.Ordinal)}%",
        }).Append(new("limit", PlayerQuestion.DefaultLimit.ToString(CultureInfo.InvariantCulture))).ToList();
        var scripts = texts.Select((_, i) => script(i)).ToList();
        var search = database.Get<SearchPlayers>();
        return Comparison.RunAsync(
            database.Options.Rounds,
            _ => load.DriveAsync(
                async (_, i, ct) =>
                {
                    if (await search.RunAsync(new PlayerQuestion(texts[i % texts.Count], mode), ct) is not SearchPlayersOutcome.Found { Players.Count: > 0 })
                        throw new InvalidOperationException($"Nobody was found by {texts[i % texts.Count]}.");
                },
                cancellationToken
            ),
            _ => database.PgBench.RunAsync(load, scripts, variables, fetch: false, cancellationToken)
        );
    }
}
