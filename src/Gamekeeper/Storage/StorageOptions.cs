namespace Gamekeeper.Storage;

/// <summary>Where objects are kept. Bound from configuration section <c>Gamekeeper:Storage</c>; read once at start.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper:Storage";

    /// <summary>
    /// An existing folder on a file system with hard links, best not the disk of the database; an absolute path. All nodes name the same
    /// (shared) one. Default null: no store, and what needs one fails by name.
    /// </summary>
    public string? Folder { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (Folder is { Length: > 0 } folder && !Path.IsPathFullyQualified(folder))
            yield return $"{Section}:Folder is '{folder}'; it takes an absolute path.";
    }
}
