namespace Gamekeeper.Tests.Harness;

/// <summary>A folder for the objects of each test database, the same for every process on it; gone with the run.</summary>
internal static class TestObjects
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var root = Directory.CreateTempSubdirectory("gko-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    });

    public static string FolderOf(string database) => Directory.CreateDirectory(Path.Combine(Root.Value, database)).FullName;
}
