namespace Gamekeeper.Accounts;

/// <summary>Limits of sign-up and sign-in. Bound from configuration section <c>Gamekeeper:Accounts</c>; read once at start.</summary>
public sealed class AccountOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gamekeeper:Accounts";

    /// <summary>Rounds of PBKDF2 a password costs. Default 210 000, 1 000 to 10 000 000; a stored hash of fewer is renewed at sign-in.</summary>
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>How long a refresh token is good; each rotation starts it anew. Default 7 days, 1 min to 365 days.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a repeated refresh gets the same successor instead of raising the alarm. Default 30 s, 0 to 5 min.</summary>
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Failures after which a login, or an account that changes its password, has to wait. Default 10, 1 to 1000.</summary>
    public int MaxSignInFailures { get; set; } = 10;

    /// <summary>In which time they count, and for how long at most it waits. Default 15 min, 1 min to 1 day.</summary>
    public TimeSpan SignInFailureWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long ended sessions are kept for their owner and for investigations. Default 30 days, 0 to 3650 days.</summary>
    public TimeSpan KeepEndedSessions { get; set; } = TimeSpan.FromDays(30);

    internal IEnumerable<string> Problems()
    {
        if (PasswordIterations is < 1_000 or > 10_000_000)
            yield return $"{Section}:PasswordIterations is {PasswordIterations}; it takes 1 000 to 10 000 000.";
        if (RefreshTokenLifetime < TimeSpan.FromMinutes(1) || RefreshTokenLifetime > TimeSpan.FromDays(365))
            yield return $"{Section}:RefreshTokenLifetime is {RefreshTokenLifetime}; it takes 1 min to 365 days.";
        if (RefreshGrace < TimeSpan.Zero || RefreshGrace > TimeSpan.FromMinutes(5))
            yield return $"{Section}:RefreshGrace is {RefreshGrace}; it takes 0 to 5 min.";
        if (MaxSignInFailures is < 1 or > 1000)
            yield return $"{Section}:MaxSignInFailures is {MaxSignInFailures}; it takes 1 to 1000.";
        if (SignInFailureWindow < TimeSpan.FromMinutes(1) || SignInFailureWindow > TimeSpan.FromDays(1))
            yield return $"{Section}:SignInFailureWindow is {SignInFailureWindow}; it takes 1 min to 1 day.";
        if (KeepEndedSessions < TimeSpan.Zero || KeepEndedSessions > TimeSpan.FromDays(3650))
            yield return $"{Section}:KeepEndedSessions is {KeepEndedSessions}; it takes 0 to 3650 days.";
    }
}
