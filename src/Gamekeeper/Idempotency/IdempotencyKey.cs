using System.Diagnostics.CodeAnalysis;

namespace Gamekeeper.Idempotency;

/// <summary>The caller's own name for one request; asking twice under it has its effect once.</summary>
public readonly record struct IdempotencyKey
{
    /// <summary>The longest key.</summary>
    public const int MaxLength = 200;

    private readonly string _value;

    /// <exception cref="ArgumentException">The text is empty, longer than 200 characters or not printable ASCII.</exception>
    public IdempotencyKey(string value) =>
        _value = IsValid(value)
            ? value
            : throw new ArgumentException("An idempotency key takes 1 to 200 printable ASCII characters.", nameof(value));

    /// <summary>The key as it was given.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An idempotency key was never set.");

    /// <summary>Tells whether a text can be a key.</summary>
    public static bool IsValid([NotNullWhen(true)] string? value) =>
        value is { Length: >= 1 and <= MaxLength } && value.All(c => c is > ' ' and < '\x7f');

    /// <inheritdoc />
    public override string ToString() => Value;
}
