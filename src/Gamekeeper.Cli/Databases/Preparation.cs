using Gamekeeper.Cli.Output;
using Gamekeeper.Integrity;
using Gamekeeper.Migrations;
using Gamekeeper.Seeding;

namespace Gamekeeper.Cli.Databases;

/// <summary>Makes a private database fit to serve: roles, schema, and in development the data to play with.</summary>
internal sealed class Preparation(Terminal terminal)
{
    public async Task RunAsync(PrivateDatabase database, bool seed, CancellationToken cancellationToken)
    {
        await database.ProvisionAsync(cancellationToken);
        await using var gamekeeper = OpenedGamekeeper.On(database);
        var migrator = gamekeeper.Get<Migrator>();
        var pending = await migrator.PlanAsync(cancellationToken: cancellationToken);
        if (pending.Count > 0)
        {
            await terminal.WithStepsAsync(async steps =>
                await migrator.UpAsync(progress: new MigrationReport(steps, pending.Count), cancellationToken: cancellationToken));
        }
        await RefuseForeignAsync(gamekeeper.Get<SigningKeyRing>(), database, cancellationToken);
        // A start where everything is as it was says nothing; what the seeds did is told when the schema is new.
        if (!seed)
            return;
        switch (await gamekeeper.Get<Seeder>().RunAsync(cancellationToken: cancellationToken))
        {
            case SeedOutcome.Seeded seeded when pending.Count > 0:
                foreach (var result in seeded.Results)
                    terminal.Say($"Seeded {result.Seed}: {result.Said}");
                break;
            // Nobody asked for them by name here; who does, with 'seed', is refused.
            case SeedOutcome.RefusedHere refused:
                terminal.Say($"No development data: the environment is {refused.Environment}.");
                break;
        }
    }

    // Otherwise all would seem well until somebody signs in.
    private static async Task RefuseForeignAsync(SigningKeyRing keys, PrivateDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            await keys.ActiveAsync(cancellationToken);
        }
        catch (GamekeeperException unknown) when (unknown.Code == "privacy.master-key-unknown")
        {
            throw new GamekeeperException(
                unknown.Code,
                $"The data in {database.Server.DataDirectory} were made with another master key than the one in {database.KeySource}. {unknown.Message} "
                    + "To begin anew instead, move that folder away.",
                unknown);
        }
    }
}
