namespace Gamekeeper.Privacy;

/// <summary>How sensitive the values of a column are.</summary>
public enum ColumnClass
{
    /// <summary>Anyone may see it.</summary>
    Public,

    /// <summary>Operators and the game itself.</summary>
    Internal,

    /// <summary>About a person; exported with an account and erased with it. Never in an audit image.</summary>
    Personal,

    /// <summary>Harmful when it leaks, but not about one person: results of unfinished games, prices not yet published.</summary>
    Confidential,

    /// <summary>Opens something: hashes of passwords and tokens, keys. Never exported, never in an audit image.</summary>
    Secret,
}

/// <summary>What a column is for and how sensitive, from its comment <c>'&lt;class&gt;: &lt;purpose&gt;'</c>.</summary>
public sealed record ColumnDescription(ColumnClass Class, string Purpose)
{
    /// <summary>True for what must never enter an audit image.</summary>
    public bool IsHidden => Class is ColumnClass.Personal or ColumnClass.Secret;

    /// <summary>Reads a comment; null when it is none of ours or absent.</summary>
    public static ColumnDescription? Parse(string? comment)
    {
        var colon = comment?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (comment is null || colon <= 0 || comment[(colon + 1)..].Trim() is not { Length: > 0 } purpose)
            return null;
        ColumnClass? found = comment[..colon] switch
        {
            "public" => ColumnClass.Public,
            "internal" => ColumnClass.Internal,
            "personal" => ColumnClass.Personal,
            "confidential" => ColumnClass.Confidential,
            "secret" => ColumnClass.Secret,
            _ => null,
        };
        return found is { } value ? new ColumnDescription(value, purpose) : null;
    }
}
