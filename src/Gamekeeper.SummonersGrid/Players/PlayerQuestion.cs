using System.Text;

namespace Gamekeeper.SummonersGrid.Players;

/// <summary>Which players are looked for.</summary>
/// <param name="Text">Part of a name, or words; 1 to 100 characters, white space around it does not count.</param>
/// <param name="Mode">How it is compared. Default <see cref="PlayerSearchMode.Substring"/>.</param>
/// <param name="Limit">At most this many players, 1 to 100. Default 20.</param>
public sealed record PlayerQuestion(string Text, PlayerSearchMode Mode = PlayerSearchMode.Substring, int Limit = PlayerQuestion.DefaultLimit)
{
    /// <summary>The longest text, in characters; no name is longer.</summary>
    public const int MaxTextLength = 100;

    /// <summary>How many players are given unless asked otherwise.</summary>
    public const int DefaultLimit = 20;

    /// <summary>The most players of one answer.</summary>
    public const int MaxLimit = 100;

    // What pg_trgm makes a trigram of. With fewer characters in a row every row would have to be looked at.
    private const int TrigramLength = 3;

    internal List<FieldError> Check()
    {
        var errors = new List<FieldError>();
        var length = Text.Trim().EnumerateRunes().Count();
        if (length is < 1 or > MaxTextLength)
            errors.Add(new("search", $"takes 1 to {MaxTextLength} characters; {length} were given"));
        else if (!Text.IsStorable())
            errors.Add(new("search", "holds a character that no name has"));
        if (Limit is < 1 or > MaxLimit)
            errors.Add(new("limit", $"takes a whole number from 1 to {MaxLimit}; {Limit} was given"));
        return errors;
    }

    internal bool HasTrigram
    {
        get
        {
            var inARow = 0;
            foreach (var rune in Text.EnumerateRunes())
            {
                inARow = Rune.IsLetterOrDigit(rune) ? inARow + 1 : 0;
                if (inARow == TrigramLength)
                    return true;
            }
            return false;
        }
    }
}

/// <summary>How a text is compared with names.</summary>
public enum PlayerSearchMode
{
    /// <summary>
    /// The text stands somewhere in the username or the display name, whatever its case. A text without three letters or digits in a
    /// row has to stand at the beginning of one of them.
    /// </summary>
    Substring,

    /// <summary>All words stand in the two names together, the last one being perhaps only begun; the best match comes first.</summary>
    Words,
}
