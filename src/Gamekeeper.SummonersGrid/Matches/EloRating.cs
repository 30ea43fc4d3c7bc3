namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>
/// The Elo rating (Arpad E. Elo, The Rating of Chessplayers, Past and Present, 1978). Who is expected to score
/// <c>E = 1 / (1 + 10^((opponent - own) / 400))</c> and scores <c>S</c>, 1 for a win, 0.5 for a draw, 0 for a loss, moves by
/// <c>K · (S - E)</c>, rounded to whole points with halves away from zero.
/// </summary>
/// <remarks>
/// What one player wins the other loses, to the point, unless a rating would leave 0 to 5000: it then stops there, and the other one
/// moves as far as it would have. Which of the two is called first makes no difference.
/// </remarks>
public static class EloRating
{
    /// <summary>Where every player starts.</summary>
    public const int Start = 1000;

    /// <summary>No rating falls lower.</summary>
    public const int Floor = 0;

    /// <summary>No rating rises higher.</summary>
    public const int Ceiling = 5000;

    /// <summary>What side A is expected to score, between 0 and 1.</summary>
    public static double Expected(int a, int b) => 1 / (1 + Math.Pow(10, (b - a) / 400.0));

    /// <summary>Both ratings after a match.</summary>
    /// <param name="a">Side A's rating, 0 to 5000.</param>
    /// <param name="b">Side B's rating, 0 to 5000.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="k">The most points that can change hands, 1 to 200.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rating or the factor is out of range.</exception>
    public static (int A, int B) After(int a, int b, MatchResult result, int k)
    {
        Check(a, nameof(a));
        Check(b, nameof(b));
        ArgumentOutOfRangeException.ThrowIfLessThan(k, RatingOptions.MinKFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, RatingOptions.MaxKFactor);
        // Always reckoned from the weaker side, so that the two sides never differ by a rounding.
        var won = a <= b ? Points(a, b, Score(result), k) : -Points(b, a, 1 - Score(result), k);
        return (Math.Clamp(a + won, Floor, Ceiling), Math.Clamp(b - won, Floor, Ceiling));
    }

    private static int Points(int own, int opponent, double score, int k) =>
        (int)Math.Round(k * (score - Expected(own, opponent)), MidpointRounding.AwayFromZero);

    private static double Score(MatchResult result) =>
        result switch
        {
            MatchResult.AWon => 1,
            MatchResult.Draw => 0.5,
            MatchResult.BWon => 0,
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, "A match is won by a side, or drawn."),
        };

    private static void Check(int rating, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rating, Floor, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rating, Ceiling, name);
    }
}

/// <summary>How a match ended.</summary>
public enum MatchResult
{
    /// <summary>Side A won.</summary>
    AWon,

    /// <summary>Nobody won.</summary>
    Draw,

    /// <summary>Side B won.</summary>
    BWon,
}
