using System.Diagnostics.CodeAnalysis;

namespace Gamekeeper.SummonersGrid.Decks;

/// <summary>The formats of this process: the game's own and what a studio registered. Thread-safe.</summary>
public sealed class DeckFormats
{
    private readonly Dictionary<string, DeckFormat> _byName = new(StringComparer.Ordinal) { [DeckFormat.ThreeOnThree.Name] = DeckFormat.ThreeOnThree };

    /// <summary>Of two of one name the later one counts.</summary>
    /// <exception cref="GamekeeperException"><c>configuration.invalid</c>: a format contradicts itself.</exception>
    public DeckFormats(IEnumerable<DeckFormat> registered)
    {
        foreach (var format in registered)
        {
            if (format.Problem() is { } problem)
                throw new GamekeeperException("configuration.invalid", $"A deck format {problem}.");
            _byName[format.Name] = format;
        }
    }

    /// <summary>All names, ordered.</summary>
    public IReadOnlyList<string> Names => [.. _byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The format of a name, as a deck spells it.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out DeckFormat? format) => _byName.TryGetValue(name, out format);
}
