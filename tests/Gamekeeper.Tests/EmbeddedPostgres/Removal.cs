namespace Gamekeeper.Tests.EmbeddedPostgres;

/// <summary>Folders outside a test's home, removed at its end.</summary>
internal sealed class Removal(string first) : IAsyncDisposable
{
    private readonly List<string> _folders = [first];

    public void Also(string folder) => _folders.Add(folder);

    public ValueTask DisposeAsync()
    {
        foreach (var folder in _folders.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
