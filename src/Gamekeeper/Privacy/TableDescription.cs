using System.Text.RegularExpressions;

namespace Gamekeeper.Privacy;

/// <summary>What a table is, and how its rows would lie in a database of several servers, from its comment.</summary>
public abstract partial record TableDescription
{
    private TableDescription(string purpose) => Purpose = purpose;

    /// <summary>What it holds.</summary>
    public string Purpose { get; }

    /// <summary><c>'distributed(key[, group]): …'</c>: spread by a column; tables of one group with equal keys lie together.</summary>
    public sealed record Distributed(string Key, string Group, string What) : TableDescription(What);

    /// <summary><c>'reference: …'</c>: whole on every server; small and rarely written.</summary>
    public sealed record Reference(string What) : TableDescription(What);

    /// <summary><c>'local: …'</c>: on one server only; no distributed table may depend on it.</summary>
    public sealed record Local(string What) : TableDescription(What);

    /// <summary>Reads a comment; null when it is none of ours or absent. A group that is not named is the key's own name.</summary>
    public static TableDescription? Parse(string? comment)
    {
        if (comment is null || Form().Match(comment) is not { Success: true } match)
            return null;
        var what = match.Groups["what"].Value;
        return match.Groups["class"].Value switch
        {
            "reference" => new Reference(what),
            "local" => new Local(what),
            _ => new Distributed(
                match.Groups["key"].Value,
                match.Groups["group"] is { Success: true } group ? group.Value : match.Groups["key"].Value,
                what
            ),
        };
    }

    [GeneratedRegex(@"^(?<class>reference|local|distributed\((?<key>[a-z0-9_]+)(, ?(?<group>[a-z0-9_]+))?\)): (?<what>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Form();
}
