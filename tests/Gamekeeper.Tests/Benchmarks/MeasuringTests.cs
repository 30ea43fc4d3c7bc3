using Gamekeeper.Benchmarks;
using Gamekeeper.Benchmarks.Measuring;
using Gamekeeper.SummonersGrid.Trading;

namespace Gamekeeper.Tests.Benchmarks;

/// <summary>What the table says is what was measured.</summary>
public sealed class MeasuringTests
{
    [Theory]
    [InlineData(0.50, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1.00, 100)]
    [InlineData(0.001, 1)]
    public void A_percentile_is_the_smallest_value_that_so_many_do_not_exceed(double part, int expected) =>
        Run.Percentile([.. Enumerable.Range(1, 100).Select(Ms)], part).ShouldBe(Ms(expected));

    [Fact]
    public void What_ends_in_the_warm_up_does_not_count()
    {
        // A hundred slow ones in the first second, ten quick ones in the second after it.
        var samples = Enumerable.Range(1, 100).Select(i => new Sample(Ms(i * 10), Ms(500)))
            .Concat(Enumerable.Range(1, 10).Select(i => new Sample(Ms(1000 + i * 100), Ms(2))));

        var run = Run.Of(samples, Ms(1000));

        run.PerSecond.ShouldBe(10, 0.001);
        run.P50.ShouldBe(Ms(2));
        run.P99.ShouldBe(Ms(2));
    }

    [Fact]
    public void A_run_in_which_nothing_ended_says_so() =>
        Should.Throw<InvalidOperationException>(() => Run.Of([new Sample(Ms(10), Ms(10))], Ms(20))).Message.ShouldContain("--seconds");

    [Fact]
    public void The_middle_of_several_runs_is_taken_number_by_number()
    {
        var middle = Run.Median([new(10, Ms(3), Ms(9), 100), new(30, Ms(1), Ms(8), 300), new(20, Ms(2), Ms(7), 200)]);

        middle.ShouldBe(new Run(20, Ms(2), Ms(8), 200));
        new Run(20, Ms(200), Ms(800), 2_000, Ms(400)).PerEach(100).ShouldBe(new Run(2_000, Ms(2), Ms(8), 20, Ms(4)));
    }

    [Theory]
    [InlineData(Judged.Throughput, 0.70, true)]
    [InlineData(Judged.Throughput, 0.69, false)]
    [InlineData(Judged.Latency, 0.70, true)]
    [InlineData(Judged.Latency, 0.71, false)]
    internal void Throughput_has_to_reach_its_bound_and_latency_to_stay_below(Judged kind, double ratio, bool met)
    {
        var run = new Run(1, Ms(1), Ms(1));
        var line = new Line("path", run, "limit", run, ratio, 0.7, kind);

        line.IsMet.ShouldBe(met);
        Table.Row(line).ShouldContain(met ? "| met |" : "| **missed** |");
    }

    [Theory]
    [InlineData(Judged.Mean, 1, 1, true)]
    [InlineData(Judged.Mean, 1.01, 1, false)]
    [InlineData(Judged.Allocation, 0, 0, true)]
    [InlineData(Judged.Allocation, 24, 0, false)]
    [InlineData(Judged.P95, 49.9, 50, true)]
    [InlineData(Judged.P95, 50, 50, false)]
    internal void A_number_that_stands_by_itself_has_to_stay_within_its_bound(Judged kind, double value, double bound, bool met)
    {
        var line = new Line("path", new Run(1, Ms(1), Ms(1)), "", Limit: null, value, bound, kind);

        line.IsMet.ShouldBe(met);
        Table.Row(line).ShouldContain(met ? "| met |" : "| **missed** |");
    }

    [Fact]
    public void What_is_only_stated_is_never_missed()
    {
        var line = Line.StatedP99("path", new Run(1, Ms(1), Ms(7)));

        line.IsMet.ShouldBeTrue();
        Table.Row(line).ShouldContain("| **7.00 ms** | p99 stated |  |");
    }

    [Fact]
    public async Task What_a_caller_does_before_an_operation_counts_in_no_latency()
    {
        var run = await new Load(1, TimeSpan.Zero, TimeSpan.Zero, PerClient: 3).DriveAsync(
            (_, _, _) => Task.CompletedTask,
            TestContext.Current.CancellationToken,
            before: (_, _, _) =>
            {
                SpinWait.SpinUntil(static () => false, 20);
                return Task.CompletedTask;
            }
        );

        run.P50.ShouldBeLessThan(Ms(20));
    }

    [Fact]
    public void What_redis_benchmark_prints_is_read_by_the_names_of_its_columns()
    {
        var run = RedisBenchmark.Parse(
            """
            "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
            "GET value:__rand_int__, and more","12500.50","0.055","0.016","0.047","0.095","0.207","2.015"

            """
        );

        run.ShouldBe(new Run(12_500.5, TimeSpan.FromMilliseconds(0.047), TimeSpan.FromMilliseconds(0.207), P95: TimeSpan.FromMilliseconds(0.095)));
        Should.Throw<InvalidOperationException>(() => RedisBenchmark.Parse("Could not connect to Redis\n"));
    }

    [Fact]
    public async Task Sides_take_turns_and_the_first_round_is_not_counted()
    {
        var order = new List<string>();
        Task<Run> Side(string name, int round)
        {
            order.Add($"{name}{round}");
            return Task.FromResult(new Run(round == 0 ? 1000 : round, Ms(1), Ms(1)));
        }

        var measured = await Comparison.RunAsync(2, round => Side("a", round), round => Side("b", round));

        order.ShouldBe(["a0", "b0", "a1", "b1", "a2", "b2"]);
        measured.Ours.PerSecond.ShouldBe(1.5);
    }

    [Fact]
    public void A_script_holds_the_products_statement_with_variables_for_its_parameters()
    {
        var script = new PgBenchScript().Statement<CompleteTrade>("trade", "operation", "moment").ToString();

        script.ShouldContain("set status = 'completed', completed_at = :moment, operation_id = :operation");
        script.ShouldContain("where id = :trade and");
        script.ShouldNotContain("$");
        Should.Throw<ArgumentException>(() => new PgBenchScript().Statement<CompleteTrade>("trade", "operation", "moment", "more"));
    }

    [Fact]
    public void What_fetching_takes_is_taken_off_the_limit()
    {
        // Two clients, 100 a second: 20 ms each, of which 4 are spent on fetching.
        var run = PgBench.WithoutFetch(new Run(100, Ms(19), Ms(25)), "  0.001  0  \\set i :i + 1\n  4.000  0  select * from bench.staged where n = :n\n", 2);

        run.PerSecond.ShouldBe(125, 0.001);
        run.P50.ShouldBe(Ms(15));
        run.P99.ShouldBe(Ms(21));
    }

    [Fact]
    public void Only_what_lies_between_the_marks_of_the_page_is_written_anew()
    {
        Page.Filled("before <!-- measured -->old<!-- end --> after", "new").ShouldBe("before <!-- measured -->\n\nnew\n<!-- end --> after");
        Should.Throw<GamekeeperException>(() => Page.Filled("no marks", "new")).Code.ShouldBe("bench.page-without-marks");
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
