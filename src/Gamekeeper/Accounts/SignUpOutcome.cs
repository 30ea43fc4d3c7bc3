namespace Gamekeeper.Accounts;

/// <summary>What a newcomer gives.</summary>
/// <param name="Username">3 to 50 letters, digits, dots, underscores or hyphens; unique whatever the case.</param>
/// <param name="Email">Null for none.</param>
/// <param name="Password">8 to 256 characters; null for an account that signs in by other means.</param>
/// <param name="DisplayName">At most 100 characters; null for none.</param>
public sealed record SignUpInput(string Username, string? Email, string? Password, string? DisplayName)
{
    /// <summary>The name alone: the rest is personal or secret.</summary>
    public override string ToString() => $"SignUpInput {Username}";
}

/// <summary>What became of a sign-up.</summary>
public abstract record SignUpOutcome
{
    private SignUpOutcome() { }

    /// <summary>There it is; also the answer to a repeated request.</summary>
    public sealed record Created(Account Account) : SignUpOutcome;

    /// <summary>Someone has that name, in whatever case; or it is reserved.</summary>
    public sealed record UsernameTaken : SignUpOutcome;

    /// <summary>Someone has that address.</summary>
    public sealed record EmailTaken : SignUpOutcome;

    /// <summary>Every field that is wrong, with what it takes.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SignUpOutcome;

    /// <summary>The idempotency key was used for another request.</summary>
    public sealed record KeyReused : SignUpOutcome;
}
