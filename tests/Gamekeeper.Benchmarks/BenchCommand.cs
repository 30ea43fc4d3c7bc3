using System.CommandLine;
using System.Globalization;
using Gamekeeper.Benchmarks.Questions;
using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Benchmarks;

/// <summary><c>bench</c>: arguments in, table out.</summary>
internal static class BenchCommand
{
    private const int LimitMissed = 1;
    private const int Usage = 2;
    private const int OutOfReach = 3;

    /// <summary>Every question, in the order in which they are asked.</summary>
    public static readonly IReadOnlyList<IQuestion> Questions =
    [
        new ProfileById(),
        new CollectionOf200(),
        new PageAtDepth(),
        new AcceptTradeOf3For3(),
        new MintTenThousand(),
        new SixtyFourWriters(),
        new UserSearch(),
        new DocumentSearch(),
        new CommonReads(),
        new FirstLevelHit(),
        new ProfileFromRedis(),
        new CollectionFromRedis(),
        new FreshWrite(),
        new RedisClients(),
        new Growth(),
    ];

    /// <summary>Runs it. 0: every limit is met; 1: one is missed; 2: the command line makes no sense; 3: PostgreSQL, pgbench or Redis is missing.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter talk)
    {
        var exit = 0;
        var command = Create(async (options, cancellationToken) => exit = await AnswerAsync(options, output, talk, cancellationToken));
        var parsed = command.Parse(arguments);
        var configuration = new InvocationConfiguration { Output = output, Error = talk, EnableDefaultExceptionHandler = false };
        var outcome = await parsed.InvokeAsync(configuration);
        return parsed.Errors.Count > 0 ? Usage : Math.Max(outcome, exit);
    }

    private static RootCommand Create(Func<BenchOptions, CancellationToken, Task> run)
    {
        var defaults = new BenchOptions();
        var names = Questions.Select(q => q.Name).ToArray();
        var paths = new Argument<string[]>("PATH") { Description = $"What to measure: {string.Join(", ", names)}. Default: all.", Arity = ArgumentArity.ZeroOrMore };
        paths.AcceptOnlyFromAmong(names);
        var users = Number("--users", "Players.", defaults.Users, 100, 10_000_000);
        var cards = Number("--cards", "Cards, loaded before the traded ones are minted.", defaults.Cards, 1_000, 100_000_000);
        var rounds = Number("--rounds", "Runs of each side; the middle one counts.", defaults.Rounds, 1, 99);
        var seconds = new Option<double>("--seconds") { Description = "Length of one run of one side.", DefaultValueFactory = _ => defaults.Duration.TotalSeconds };
        seconds.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<double>() is not (>= 0.1 and <= 600))
                r.AddError("--seconds takes 0.1 to 600.");
        });
        var reportOnly = new Option<bool>("--report-only") { Description = "End with 0 although a limit is missed." };
        var page = new Option<string?>("--page") { Description = "Write table, machine and settings into this page, between its marks.", HelpName = "FILE" };
        var root = new RootCommand("Measures the hot paths beside pgbench and redis-benchmark on servers of its own, in turn in one run, and prints the ratios.")
        {
            paths, users, cards, rounds, seconds, reportOnly, page,
        };
        root.SetAction((arguments, cancellationToken) =>
            run(
                new BenchOptions
                {
                    Paths = arguments.GetValue(paths) ?? [],
                    Users = arguments.GetValue(users),
                    Cards = arguments.GetValue(cards),
                    Rounds = arguments.GetValue(rounds),
                    Duration = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
                    ReportOnly = arguments.GetValue(reportOnly),
                    Page = arguments.GetValue(page),
                },
                cancellationToken
            ));
        return root;
    }

    private static Option<int> Number(string name, string description, int standard, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int>() < least || r.GetValueOrDefault<int>() > most)
                r.AddError($"{name} takes {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}.");
        });
        return option;
    }

    private static async Task<int> AnswerAsync(BenchOptions options, TextWriter output, TextWriter talk, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await BenchRun.RunAsync(options, output, talk, cancellationToken);
            var missed = lines.Count(l => !l.IsMet);
            await talk.WriteLineAsync(missed == 0 ? $"All {lines.Count} limits are met." : $"{missed} of {lines.Count} limits are missed.");
            return missed == 0 || options.ReportOnly ? 0 : LimitMissed;
        }
        catch (GamekeeperException refused) when (refused.Code.StartsWith("bench.", StringComparison.Ordinal))
        {
            await talk.WriteLineAsync($"gamekeeper bench: {refused.Message}");
            return refused.Code is "bench.too-few-cards" or "bench.too-few-users" ? Usage : OutOfReach;
        }
        catch (EmbeddedPostgresException missing)
        {
            await talk.WriteLineAsync($"gamekeeper bench: {missing.Message}");
            return OutOfReach;
        }
    }
}
