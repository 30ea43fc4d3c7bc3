namespace Gamekeeper;

/// <summary>
/// The world failed: a database out of reach, a broken key, a refused configuration. What a player can cause is a typed outcome
/// instead, and what a programmer caused is an <see cref="ArgumentException"/>.
/// </summary>
/// <param name="code">The published code, such as <c>transactions.outcome-unknown</c>; see docs/reference/errors.md.</param>
/// <param name="message">What happened, with which values, and what to do next.</param>
public sealed class GamekeeperException(string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The published code; stable across versions.</summary>
    public string Code { get; } = code;
}
