using System.CommandLine;
using Gamekeeper.Accounts;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Integrity;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>keys</c>: the keys that sign histories. Their public halves are for everyone.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var list = new Command("list", "Print the public half of every key that ever signed, oldest first.");
        list.SetAction(Invocation.Of(ListAsync));
        var rotate = new Command("rotate", "Retire the key that signs and make a new one; what the old one signed stays verifiable.");
        rotate.SetAction(Invocation.Of(RotateAsync));
        var rotateMaster = new Command(
            "rotate-master", "Bring everything under the master key of Gamekeeper__MasterKey; the earlier ones stand in Gamekeeper__PreviousMasterKeys__0 and on. Safe to repeat.");
        rotateMaster.SetAction(Invocation.Of(RotateMasterAsync));
        return new Command("keys", "The keys that sign ownership histories, and the master key above them.") { list, rotate, rotateMaster };
    }

    private static async Task<int> ListAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var keys = await gamekeeper.Get<SigningKeyRing>().PublicKeysAsync(cancellationToken);
        invocation.Terminal.Answer(
            keys,
            terminal =>
            {
                foreach (var key in keys)
                {
                    terminal.Write($"{key.Id}  since {key.CreatedAt:u}  {(key.RetiredAt is { } end ? $"retired {end:u}" : "signs now")}");
                    terminal.Write(key.Pem);
                    terminal.Write("");
                }
            });
        return ExitCodes.Ok;
    }

    private static async Task<int> RotateAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var id = await gamekeeper.Get<SigningKeyRing>().RotateAsync(Actor.System(invocation.Clock), cancellationToken);
        invocation.Terminal.Answer(
            new { id },
            terminal => terminal.Write($"{id} signs from now on; running servers notice within a minute. Publish its public half: ./gamekeeper keys list"));
        return ExitCodes.Ok;
    }

    private static async Task<int> RotateMasterAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        // One run takes all there is. A second one that finds more has found a server that still writes under an earlier key.
        const int most = 3;
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var rotation = gamekeeper.Get<KeyRotation>();
        var (systemKeys, accountKeys, addresses, forgotten) = (0L, 0L, 0L, 0L);
        for (var run = 1; ; run++)
        {
            var did = await rotation.RunAsync(cancellationToken: cancellationToken);
            systemKeys += did.SystemKeys;
            accountKeys += did.AccountKeys;
            addresses += did.Addresses;
            forgotten += did.ForgottenHashes;
            var isDone = did.SystemKeys + did.AccountKeys + did.Addresses == 0;
            if (!isDone && run < most)
                continue;
            invocation.Terminal.Answer(
                new { is_done = isDone, master_key = did.MasterKeyId, system_keys = systemKeys, account_keys = accountKeys, addresses, forgotten_hashes = forgotten },
                terminal => terminal.Write(
                    $"Under master key {did.MasterKeyId} now: {systemKeys} system keys, {accountKeys} account keys, {addresses} addresses; {forgotten} hashes of earlier keys forgotten."));
            if (isDone)
                return ExitCodes.Ok;
            invocation.Terminal.Say("A server still writes under an earlier master key. Start every server anew with the new one, then run this again.");
            return ExitCodes.CheckFailed;
        }
    }
}
