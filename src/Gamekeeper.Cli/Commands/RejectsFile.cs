using System.Text.Json;
using Gamekeeper.Cli.Home;
using Gamekeeper.Importing;

namespace Gamekeeper.Cli.Commands;

/// <summary>The report of refused records: a file if one was named, and in any case the first few for a person.</summary>
internal sealed class RejectsFile(StreamWriter? file) : IAsyncDisposable
{
    private const int ForPeople = 10;

    private static readonly JsonSerializerOptions OneLine = new(Json.Options) { WriteIndented = false };

    private readonly List<ImportRefusal> _first = [];

    public IReadOnlyList<ImportRefusal> First => _first;

    /// <exception cref="GamekeeperException"><c>usage.invalid</c>: it cannot be written.</exception>
    public static RejectsFile Open(string? path)
    {
        try
        {
            return new RejectsFile(path is null ? null : new StreamWriter(path, append: false));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new GamekeeperException("usage.invalid", $"{path} cannot be written: {failure.Message}", failure);
        }
    }

    public async Task WriteAsync(ImportRefusal refusal)
    {
        if (_first.Count < ForPeople)
            _first.Add(refusal);
        if (file is not null)
            await file.WriteLineAsync(JsonSerializer.Serialize(refusal, OneLine));
    }

    public ValueTask DisposeAsync() => file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
