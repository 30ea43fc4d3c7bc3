using Gamekeeper.Cli.Supervision;
using Gamekeeper.EmbeddedPostgres;

namespace Gamekeeper.Tests.Cli;

public sealed class SignalsTests
{
    /// <summary>Signal 0 asks whether one might, and does nothing to whoever it would reach.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_signal_never_goes_to_a_whole_group(int processId)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Signals.Send(processId, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Libc.Signal(processId, 0));
    }
}
