using System.CommandLine;
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
        return new Command("keys", "The keys that sign ownership histories.") { list, rotate };
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
}
