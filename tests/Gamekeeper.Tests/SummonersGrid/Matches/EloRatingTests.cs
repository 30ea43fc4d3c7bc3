using Gamekeeper.SummonersGrid.Matches;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Tests.SummonersGrid.Matches;

public sealed class EloRatingTests
{
    private static readonly MatchResult[] Results = Enum.GetValues<MatchResult>();

    // From tables of the formula: equal players win half of K; 400 points of difference expect 10 of 11.
    [Theory]
    [InlineData(1000, 1000, MatchResult.AWon, 32, 1016, 984)]
    [InlineData(1000, 1000, MatchResult.Draw, 32, 1000, 1000)]
    [InlineData(1000, 1000, MatchResult.BWon, 32, 984, 1016)]
    [InlineData(1400, 1000, MatchResult.AWon, 32, 1403, 997)]
    [InlineData(1400, 1000, MatchResult.BWon, 32, 1371, 1029)]
    [InlineData(1400, 1000, MatchResult.Draw, 32, 1387, 1013)]
    [InlineData(1613, 1609, MatchResult.Draw, 32, 1613, 1609)]
    [InlineData(0, 0, MatchResult.AWon, 32, 16, 0)]
    [InlineData(5000, 5000, MatchResult.BWon, 32, 4984, 5000)]
    [InlineData(1000, 1000, MatchResult.AWon, 1, 1001, 999)]
    public void Ratings_move_as_the_formula_says(int a, int b, MatchResult result, int k, int afterA, int afterB) =>
        EloRating.After(a, b, result, k).ShouldBe((afterA, afterB));

    [Fact]
    public void Points_only_change_hands_unless_a_rating_stops_at_its_end()
    {
        foreach (var (a, b, result, k) in Cases())
        {
            var (x, y) = EloRating.After(a, b, result, k);
            x.ShouldBeInRange(EloRating.Floor, EloRating.Ceiling);
            y.ShouldBeInRange(EloRating.Floor, EloRating.Ceiling);
            Math.Abs(x - a).ShouldBeLessThanOrEqualTo(k);
            if (x is > EloRating.Floor and < EloRating.Ceiling && y is > EloRating.Floor and < EloRating.Ceiling)
                (x + y).ShouldBe(a + b, $"{a} and {b}, {result}, {k}");
        }
    }

    [Fact]
    public void Which_side_is_called_a_makes_no_difference()
    {
        foreach (var (a, b, result, k) in Cases())
        {
            var (x, y) = EloRating.After(a, b, result, k);
            var turned = result switch { MatchResult.AWon => MatchResult.BWon, MatchResult.BWon => MatchResult.AWon, _ => result };
            EloRating.After(b, a, turned, k).ShouldBe((y, x), $"{a} and {b}, {result}, {k}");
        }
    }

    [Fact]
    public void Nobody_loses_by_winning_and_the_weaker_one_never_by_a_draw()
    {
        foreach (var (a, b, _, k) in Cases())
        {
            EloRating.After(a, b, MatchResult.AWon, k).A.ShouldBeGreaterThanOrEqualTo(a);
            EloRating.After(a, b, MatchResult.BWon, k).A.ShouldBeLessThanOrEqualTo(a);
            EloRating.After(Math.Min(a, b), Math.Max(a, b), MatchResult.Draw, k).A.ShouldBeGreaterThanOrEqualTo(Math.Min(a, b));
        }
    }

    [Theory]
    [InlineData(-1, 1000, 32)]
    [InlineData(1000, 5001, 32)]
    [InlineData(1000, 1000, 0)]
    [InlineData(1000, 1000, 201)]
    public void What_is_out_of_range_is_refused(int a, int b, int k) =>
        Should.Throw<ArgumentOutOfRangeException>(() => EloRating.After(a, b, MatchResult.Draw, k));

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public void A_factor_out_of_range_stops_the_start_by_its_name(int k) =>
        new RatingOptions.Check().Validate(Options.DefaultName, new RatingOptions { KFactor = k }).FailureMessage.ShouldNotBeNull().ShouldContain("Gamekeeper:SummonersGrid:Ratings:KFactor");

    // Seeded, so that a failure is one again; with every difference that ends in a half among them.
    private static IEnumerable<(int A, int B, MatchResult Result, int K)> Cases()
    {
        var random = new Random(20261120);
        foreach (var result in Results)
        {
            foreach (var k in new[] { 1, 16, 32, 33, 200 })
            {
                for (var i = 0; i < 2000; i++)
                    yield return (random.Next(EloRating.Floor, EloRating.Ceiling + 1), random.Next(EloRating.Floor, EloRating.Ceiling + 1), result, k);
                for (var gap = 0; gap <= 800; gap++)
                    yield return (1000, 1000 + gap, result, k);
                foreach (var edge in new[] { 0, 1, 4999, 5000 })
                    yield return (edge, random.Next(0, 5001), result, k);
            }
        }
    }
}
