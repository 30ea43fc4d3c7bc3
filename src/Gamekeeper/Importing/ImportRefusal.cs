namespace Gamekeeper.Importing;

/// <summary>What is wrong with a record. Never its values: they are addresses and secrets.</summary>
/// <param name="Line">Where, from 1.</param>
/// <param name="Member">Which member; null for the record itself.</param>
/// <param name="Problem">What is wrong and what is possible.</param>
/// <param name="Shape">What the value looked like, such as <c>a text of 12 characters</c>; null when there is none.</param>
public sealed record ImportRefusal(long Line, string? Member, string Problem, string? Shape = null);
