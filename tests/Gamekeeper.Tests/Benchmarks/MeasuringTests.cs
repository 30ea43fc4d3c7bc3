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
