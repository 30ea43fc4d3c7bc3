namespace Gamekeeper;

/// <summary>What is wrong with one field of an input.</summary>
/// <param name="Field">The field as callers spell it, with its path: <c>offeredCards</c>, <c>effects[0].text</c>.</param>
/// <param name="Problem">What it is and what it takes, as the end of a sentence: "is longer than 100 characters".</param>
public sealed record FieldError(string Field, string Problem);
