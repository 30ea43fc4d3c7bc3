namespace Gamekeeper.Accounts;

/// <summary>
/// A game's copy of what it needs to know of accounts: public names for its own indexes, freezes for its own guards. A game's
/// transaction reads only its own schema, so the core hands changes over here, at least once and possibly out of order.
/// </summary>
public interface IAccountProjection
{
    /// <summary>
    /// Brings the copy up to <paramref name="account"/>. A player the game has never seen is ignored; a change whose
    /// <see cref="PublicAccount.Version"/> is not newer than the copy is ignored. Safe to repeat.
    /// </summary>
    Task ApplyAsync(PublicAccount account, CancellationToken cancellationToken);
}

/// <summary>What games may know of an account.</summary>
/// <param name="Id">The account.</param>
/// <param name="Version">Grows with every change; decides which of two is newer.</param>
/// <param name="Username">Unique, 3 to 50 characters.</param>
/// <param name="DisplayName">At most 100 characters; null when the player gave none.</param>
/// <param name="AvatarUrl">Null when the player gave none.</param>
/// <param name="IsActive">False once closed.</param>
/// <param name="FrozenAt">Since when it may neither give nor take; null when it is free.</param>
public sealed record PublicAccount(
    Guid Id,
    long Version,
    string Username,
    string? DisplayName,
    string? AvatarUrl,
    bool IsActive,
    DateTimeOffset? FrozenAt
);
