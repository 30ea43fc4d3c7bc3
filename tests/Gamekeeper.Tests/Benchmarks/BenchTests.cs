using Gamekeeper.Benchmarks;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Benchmarks;

/// <summary>The benchmark program at a size that only shows that it works.</summary>
public sealed class BenchTests
{
    [Fact]
    public async Task A_small_run_measures_both_sides_and_prints_a_line_for_each()
    {
        using var output = new StringWriter();
        using var talk = new StringWriter();

        var exit = await BenchCommand.RunAsync(
            ["profile", "trade", "--users", "400", "--cards", "2000", "--rounds", "1", "--seconds", "0.2", "--report-only"],
            output,
            talk
        );

        exit.ShouldBe(0, talk.ToString());
        var rows = output.ToString().Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        rows.Count.ShouldBe(5, output.ToString());
        rows.Count(r => r.Contains("profile by id", StringComparison.Ordinal)).ShouldBe(2);
        rows.Count(r => r.Contains("accept a trade", StringComparison.Ordinal)).ShouldBe(3);
        output.ToString().ShouldContain("`fsync` on");
    }

    [Fact]
    public async Task A_small_run_of_the_cache_prints_a_line_for_each_path_too()
    {
        TestRedis.Require();
        using var output = new StringWriter();
        using var talk = new StringWriter();

        var exit = await BenchCommand.RunAsync(
            [
                "common-reads", "memory", "cached-profile", "cached-collection", "fresh-write", "redis-client",
                "--users", "4000", "--cards", "2000", "--rounds", "1", "--seconds", "0.4", "--report-only",
            ],
            output,
            talk
        );

        exit.ShouldBe(0, talk.ToString());
        var rows = output.ToString().Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        rows.Count.ShouldBe(19, output.ToString());
        rows.Count(r => r.Contains("p95 < 50 ms", StringComparison.Ordinal)).ShouldBe(6);
        rows.Count(r => r.Contains("redis-benchmark", StringComparison.Ordinal)).ShouldBe(3);
        rows.Count(r => r.Contains("StackExchange.Redis", StringComparison.Ordinal)).ShouldBe(5);
        // Whatever the machine does meanwhile.
        rows.ShouldContain(r => r.Contains("**0.00 bytes** | no allocation | met", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("profile", "--rounds", "0")]
    [InlineData("profile", "--seconds", "0")]
    [InlineData("profile", "--cards", "1")]
    [InlineData("cached-profile", "--users", "400")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2_and_starts_nothing(params string[] arguments)
    {
        using var output = new StringWriter();
        using var talk = new StringWriter();

        (await BenchCommand.RunAsync(arguments, output, talk)).ShouldBe(2);
        talk.ToString().ShouldNotContain("Loading");
    }

    [Fact]
    public async Task Growth_without_room_to_grow_is_refused()
    {
        using var output = new StringWriter();
        using var talk = new StringWriter();

        (await BenchCommand.RunAsync(["growth", "--users", "400", "--cards", "2000", "--rounds", "1"], output, talk)).ShouldBe(2, talk.ToString());
        talk.ToString().ShouldContain("--cards");
        talk.ToString().ShouldNotContain("Loading");
    }
}
