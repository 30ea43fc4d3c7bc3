using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gamekeeper.Privacy;

/// <summary>
/// An e-mail address in its normal form: trimmed and in lower case. The normal form decides who is who, so it never changes; only ASCII
/// is taken, which is in Unicode's normal form C by definition. Prints itself masked; <see cref="Value"/> is the address.
/// </summary>
public readonly partial record struct EmailAddress
{
    /// <summary>The longest address.</summary>
    public const int MaxLength = 254;

    /// <summary>The rule, for people.</summary>
    public const string Rule =
        "takes at most 254 characters: letters, digits or any of ._%+- , an @, a domain, a dot and at least two letters";

    private readonly string? _value;

    private EmailAddress(string value) => _value = value;

    /// <summary>The address in its normal form.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An e-mail address was never set.");

    /// <summary>Reads an address; false when the text does not follow <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EmailAddress address)
    {
        address = default;
        var trimmed = text?.Trim();
        if (trimmed is null or { Length: > MaxLength } || !Format().IsMatch(trimmed))
            return false;
        address = new(trimmed.ToLowerInvariant());
        return true;
    }

    /// <exception cref="ArgumentException">The text does not follow <see cref="Rule"/>.</exception>
    public static EmailAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new ArgumentException($"An e-mail address {Rule}.", nameof(text));

    /// <summary>The address masked, so that a log or a message never carries it.</summary>
    public override string ToString() => _value is null ? "" : $"{_value[0]}***@***";

    [GeneratedRegex(@"\A[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Format();
}
