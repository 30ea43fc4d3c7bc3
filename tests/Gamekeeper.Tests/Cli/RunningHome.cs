namespace Gamekeeper.Tests.Cli;

/// <summary>A home on which an <c>up</c> runs, for the tests of one class.</summary>
public sealed class RunningHome : IAsyncLifetime
{
    internal CliHome Home { get; } = CliHome.New();

    internal CliResult Started { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Started = await Home.RunAsync("up", "--detach", "--no-seed", "--format", "json");
        Started.ExitCode.ShouldBe(0, Started.ToString());
    }

    public ValueTask DisposeAsync() => Home.DisposeAsync();
}
