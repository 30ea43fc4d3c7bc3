using System.CommandLine;
using Gamekeeper.Accounts;
using Gamekeeper.Cli.Databases;
using Gamekeeper.Transactions;

namespace Gamekeeper.Cli.Commands;

/// <summary><c>account password-code</c>: how support lets a player in who has no password, or none any more.</summary>
internal static class AccountCommand
{
    private static readonly Argument<string> Username = new("username") { Description = "The account's name, in whatever case." };

    public static Command Create()
    {
        var code = new Command("password-code", "Make a code with which the owner of an account chooses a password, once and within an hour.") { Username };
        code.SetAction(Invocation.Of(CodeAsync));
        return new Command("account", "One account.") { code };
    }

    private static async Task<int> CodeAsync(Invocation invocation, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var gamekeeper = await OpenedGamekeeper.OpenAsync(invocation, cancellationToken);
        var name = arguments.GetValue(Username)!;
        var account = await gamekeeper.Get<AccountRepository>().FindByUsernameAsync(name, cancellationToken);
        var code = account is null ? null : await gamekeeper.Get<ResetPassword>().CreateCodeAsync(account.Id, Actor.System(invocation.Clock), cancellationToken);
        if (code is null)
            throw new GamekeeperException(AccountErrors.NotFound, "There is no open account of that name.");
        invocation.Terminal.Answer(
            new { account = account!.Id, account.Username, code.Code, code.ExpiresAt },
            terminal => terminal.Write(code.Code));
        invocation.Terminal.Say($"For {account.Username}, until {code.ExpiresAt:u}: POST /v1/accounts/password takes it with a new password. Whoever holds it can take the account over.");
        return ExitCodes.Ok;
    }
}
