namespace Gamekeeper.Migrations;

/// <summary>Writes the pair of files of a new migration into a module's source. A developer's verb.</summary>
public static class NewMigration
{
    /// <summary>Writes both files; never over one that is there.</summary>
    /// <param name="folder">The module's folder of migrations, which must exist.</param>
    /// <param name="title">Lower case letters, digits and underscores, such as <c>add_tribes</c>.</param>
    /// <param name="clock">Gives the fourteen digits, in UTC.</param>
    /// <returns>The two paths, up first.</returns>
    /// <exception cref="ArgumentException">The title cannot be one.</exception>
    /// <exception cref="GamekeeperException"><c>migrations.folder</c>: the folder is missing.</exception>
    public static (string Up, string Down) Write(string folder, string title, TimeProvider clock)
    {
        var name = $"{clock.GetUtcNow():yyyyMMddHHmmss}_{title}";
        if (!MigrationFiles.WellNamed(name))
            throw new ArgumentException($"'{title}' is no title of a migration; it takes a-z, 0-9 and _.", nameof(title));
        if (!Directory.Exists(folder))
            throw new GamekeeperException("migrations.folder", $"{folder} does not exist; make the module's Migrations folder first.");
        var (up, down) = (Path.Combine(folder, name + ".sql"), Path.Combine(folder, name + ".down.sql"));
        Write(up, Up(title));
        Write(down, $"-- Takes back {title}.\n");
        return (up, down);
    }

    private static void Write(string path, string text)
    {
        using var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        file.Write(text);
    }

    private static string Up(string title) =>
        $"""
        -- {title.Replace('_', ' ')}: what changes, and why.
        -- Locks: which tables, which mode, how long on a large one, and how to do it ahead there.

        """.ReplaceLineEndings("\n");
}
