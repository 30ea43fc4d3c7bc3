using System.Collections.Concurrent;

namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>
/// Who seems to own what, from the answers so far. A hint for who is to act next, and often behind: the checks never ask it.
/// </summary>
internal sealed class Whereabouts
{
    private readonly ConcurrentDictionary<Guid, Guid> _owners = new();
    private IReadOnlyList<Guid> _numbered = [];

    /// <summary>The cards of the start, by their number.</summary>
    public void Begin(IReadOnlyList<Guid> cards) => _numbered = cards;

    public Guid Card(int number) => _numbered[number];

    public Guid OwnerOf(Guid card) => _owners[card];

    public void Moved(Guid card, Guid to) => _owners[card] = to;

    /// <summary>The card and up to so many more that seem to be in that hand.</summary>
    public IReadOnlyList<Guid> With(Guid card, Guid owner, int size, int dice) =>
        [
            card,
            .. Enumerable.Range(0, _numbered.Count).Select(i => _numbered[(dice + i) % _numbered.Count])
                .Where(c => c != card && OwnerOf(c) == owner).Take(size - 1),
        ];
}
