using Microsoft.Extensions.Options;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>How ratings move. Bound from configuration section <c>Gamekeeper:SummonersGrid:Ratings</c>; read once at start.</summary>
public sealed class RatingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper:SummonersGrid:Ratings";

    internal const int MinKFactor = 1;
    internal const int MaxKFactor = 200;

    /// <summary>
    /// The most points that change hands in a match: more makes ratings follow faster and swing wider. Default 32, 1 to 200; see
    /// <see cref="EloRating"/>. Matches that have ended are not reckoned again.
    /// </summary>
    public int KFactor { get; set; } = 32;

    internal sealed class Check : IValidateOptions<RatingOptions>
    {
        public ValidateOptionsResult Validate(string? name, RatingOptions options) =>
            options.KFactor is >= MinKFactor and <= MaxKFactor
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{Section}:KFactor is {options.KFactor}; it takes {MinKFactor} to {MaxKFactor}.");
    }
}
