using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid.Players.Import;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Importing;

/// <summary>What an import holds in memory. The process is measured, so nothing else may run in it meanwhile.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class LongImportTests : IAsyncLifetime
{
    private readonly string _file = Path.GetTempFileName();
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_long_gzipped_file_is_streamed()
    {
        const int count = 60_000;
        await using (var packed = new System.IO.Compression.GZipStream(File.Create(_file), System.IO.Compression.CompressionLevel.Fastest))
        await using (var writer = new StreamWriter(packed))
            for (var i = 0; i < count; i++)
                // Half a kilobyte of blanks a line: the file is thirty times a chunk, and long before it is many.
                await writer.WriteLineAsync($"{{\"username\": \"{(i % 100 == 0 ? $"mass{i}" : "x")}\"{new string(' ', 4000)}}}");
        var file = await ImportFile.OpenAsync(() => File.OpenRead(_file), Token);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;

        // Synchronously, after each chunk: what is alive then is what the import holds.
        var outcome = await _world.Get<ImportPlayers>()
            .RunAsync(Actor.System(_world.Database.Clock), file, new(ImportName.Of(file), 100_000), new Told(_ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - held)), Token);

        var state = outcome.ShouldBeOfType<ImportOutcome.Finished>().State;
        (state.Lines, state.Taken, state.Refused).ShouldBe((count, count / 100, count - (count / 100)));
        // The lines alone are 240 MB.
        most.ShouldBeLessThan(40_000_000);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
