using System.Diagnostics;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.Benchmarks.Questions;
using Gamekeeper.Benchmarks.Volume;

namespace Gamekeeper.Benchmarks;

/// <summary>One run: brings the server up, loads it, asks every question and prints what came of it.</summary>
internal static class BenchRun
{
    private static readonly int[] SmallerVolumes = [10_000, 100_000];

    /// <returns>All lines, in the order of the questions.</returns>
    public static async Task<IReadOnlyList<Line>> RunAsync(BenchOptions options, TextWriter output, TextWriter talk, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var chosen = BenchCommand.Questions.Where(q => options.Paths.Count == 0 || options.Paths.Contains(q.Name)).ToList();
        var grows = chosen.Exists(q => q is Growth);
        if (grows && options.Cards <= SmallerVolumes[0])
            throw new GamekeeperException("bench.too-few-cards", $"Growth compares several volumes from {SmallerVolumes[0]} cards on; --cards takes more than that for it.");
        if (chosen.MaxBy(q => q.LeastUsers) is { } demanding && options.Users < demanding.LeastUsers)
            throw new GamekeeperException("bench.too-few-users", $"'{demanding.Name}' has to see more players than the smallest memory holds; --users takes {demanding.LeastUsers} or more for it.");
        if (chosen.Exists(q => q.NeedsRedis))
            BenchRedis.Require();
        await using var server = await BenchServer.StartAsync(cancellationToken);
        var databases = await LoadAsync(server, options, grows, Say, cancellationToken);
        try
        {
            var machine = await Machine.DescribeAsync(databases.Full, cancellationToken);
            var lines = new List<Line>();
            foreach (var question in chosen)
            {
                Say($"Measuring {question.Name}…");
                await foreach (var line in question.AnswerAsync(databases, cancellationToken))
                {
                    lines.Add(line);
                    Say(Table.Row(line));
                }
            }
            Say("Done.");
            var text = $"{machine}\n{Table.Of(lines)}";
            await output.WriteAsync(text);
            if (options.Page is { } page)
                await Page.WriteAsync(page, text, cancellationToken);
            return lines;
        }
        finally
        {
            foreach (var database in databases.Smaller.Append(databases.Full))
                await database.DisposeAsync();
        }

        void Say(string what) => talk.WriteLine($"{Stopwatch.GetElapsedTime(started):mm\\:ss} {what}");
    }

    // The smaller ones are copies made on the way, so that all volumes lie side by side and are measured in turn.
    private static async Task<BenchDatabases> LoadAsync(
        BenchServer server,
        BenchOptions options,
        bool grows,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        say($"Loading {options.Users:N0} players…");
        var full = await BenchDatabase.CreateAsync(server, "bench", options, cancellationToken);
        var smaller = new List<BenchDatabase>();
        foreach (var cards in SmallerVolumes.Where(c => grows && c < options.Cards))
        {
            await full.LoadAsync(cards, cancellationToken);
            smaller.Add(await full.CopyAsync($"bench_{cards}", cancellationToken));
        }
        say($"Loading {options.Cards:N0} cards…");
        await full.LoadAsync(options.Cards, cancellationToken);
        await full.SettleAsync(cancellationToken);
        return new BenchDatabases(smaller, full);
    }
}
