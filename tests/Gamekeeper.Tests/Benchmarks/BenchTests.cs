using Gamekeeper.Benchmarks;

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

    [Theory]
    [InlineData("nonsense")]
    [InlineData("profile", "--rounds", "0")]
    [InlineData("profile", "--seconds", "0")]
    [InlineData("profile", "--cards", "1")]
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
