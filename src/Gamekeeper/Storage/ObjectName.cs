using System.Text.RegularExpressions;

namespace Gamekeeper.Storage;

/// <summary>
/// The name of an object: one or more words of lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, each beginning with a letter or
/// digit, with <c>/</c> between them; at most 200 characters. So it is the same on every file system and in every bucket, and leads nowhere
/// outside.
/// </summary>
public readonly partial record struct ObjectName
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 200;

    private readonly string? _text;

    /// <exception cref="ArgumentException">The text is no such name.</exception>
    public ObjectName(string text) =>
        _text = IsName(text) ? text : throw new ArgumentException($"'{text}' is no name of an object: lower-case words such as checkpoints/00000001.json, at most {MaxLength} characters.", nameof(text));

    /// <summary>Whether the text is a name.</summary>
    public static bool IsName(string text) => text.Length <= MaxLength && Form().IsMatch(text);

    /// <inheritdoc />
    public override string ToString() => _text ?? throw new InvalidOperationException("This name was never given.");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
