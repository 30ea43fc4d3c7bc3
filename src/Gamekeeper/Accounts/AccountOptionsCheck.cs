using Microsoft.Extensions.Options;

namespace Gamekeeper.Accounts;

/// <summary>A value out of range stops the start with its name and range.</summary>
internal sealed class AccountOptionsCheck : IValidateOptions<AccountOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountOptions options)
    {
        var problems = options.Problems().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
