namespace Gamekeeper.Transactions;

/// <summary>
/// The text of a statement as it is sent: its name first, as a comment, so that pg_stat_statements, the server's log and
/// pg_stat_activity tell which line of ours a statement comes from.
/// </summary>
internal static class StatementName<TStatement>
    where TStatement : IStatement<TStatement>
{
    public static readonly string Name = Spell(typeof(TStatement));

    public static readonly string Text = $"/* {Name} */ {TStatement.Sql}";

    // A file-local type is compiled as <File>F0123…__Name; a generic one ends in `1.
    private static string Spell(Type type)
    {
        var name = type.Name;
        var mark = name.LastIndexOf("__", StringComparison.Ordinal);
        var file = mark > 0 && name[0] == '<' ? name[1..name.IndexOf('>', StringComparison.Ordinal)] + "." : "";
        if (mark > 0)
            name = name[(mark + 2)..];
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return file + (tick > 0 ? name[..tick] : name);
    }
}
