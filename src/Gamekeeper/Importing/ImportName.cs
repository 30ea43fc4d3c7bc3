using System.Text.RegularExpressions;

namespace Gamekeeper.Importing;

/// <summary>
/// The operator's label of an import, 1 to 50 of a-z, 0-9, _ and -, beginning with a letter or digit. A file's own name is no label: it
/// may name a person.
/// </summary>
public readonly partial record struct ImportName
{
    private readonly string? _value;

    private ImportName(string value) => _value = value;

    /// <summary>The label.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An import's name was never set.");

    /// <summary>Reads a label; false when the text is none.</summary>
    public static bool TryParse(string? text, out ImportName name)
    {
        name = text is not null && Form().IsMatch(text) ? new(text) : default;
        return name._value is not null;
    }

    /// <summary>A name for whoever gives none: the same for the same file.</summary>
    public static ImportName Of(ImportFile file) => new("file-" + Convert.ToHexStringLower(file.Hash.AsSpan(0, 8)));

    /// <inheritdoc />
    public override string ToString() => _value ?? "";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,49}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
