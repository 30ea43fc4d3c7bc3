namespace Gamekeeper.Server.Errors;

/// <summary>One way in which a request can be refused; all of them stand in docs/reference/errors.md.</summary>
/// <param name="Code">Stable across versions; what callers decide by.</param>
/// <param name="Status">The HTTP status it travels with.</param>
/// <param name="Title">What it means, the same for every occurrence.</param>
internal sealed record ErrorCode(string Code, int Status, string Title);
