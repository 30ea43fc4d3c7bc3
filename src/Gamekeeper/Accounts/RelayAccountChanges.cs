using Gamekeeper.Scheduling;

namespace Gamekeeper.Accounts;

/// <summary>Delivers what a writer committed and did not live to deliver.</summary>
public sealed class RelayAccountChanges(AccountProjections projections) : IJob
{
    private const int Bite = 100;

    /// <inheritdoc />
    public string Name => "core.relay-account-changes";

    /// <inheritdoc />
    public string Purpose => "Tells the games of changes of accounts (names, freezes) that their writer could not tell them.";

    /// <inheritdoc />
    public JobSchedule Schedule { get; } = new JobSchedule.Every(TimeSpan.FromSeconds(5));

    /// <inheritdoc />
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var delivered = 0;
        int bite;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            bite = await projections.DeliverWaitingAsync(Bite, cancellationToken);
            delivered += bite;
        } while (bite == Bite);
        return $"{delivered} account changes delivered";
    }
}
