using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

// Which events are taken back. Of everything that came of the bad event, the largest set for which all of this holds:
//
//   reach  A card goes back over an event only if it goes back over all its later ones, its signature can be read, and whoever gave it
//          away is still there to take it, unless it goes back further and only passes through (a card that came from nowhere goes
//          to quarantine).
//   whole  A trade is taken back only if every card that a bystander gave in it goes back: nobody loses what was received without
//          getting back what was given for it. The bad party is owed nothing.
//   cause  An event other than the bad one is taken back only for the sake of an earlier one: some card of the trade goes back further.
//
// Each rule only ever takes away from the set, and what one takes away can only make the others take away more: so there is one largest
// set, and whatever order it is looked for in, it is found. Beginning with everything, this removes until nothing has to be removed.
//
//      mint (bad)            trade                 trade
//   ───► D ───────────────► D │ B ◄─ Bob          B │ C ◄─ Carol          taken back from right to left:
//        Hacker         Hacker   Hacker       Hacker   Hacker             C to Carol, B to Bob, D to quarantine

/// <summary>Decides what is taken back, and says of what stays why.</summary>
internal sealed class Unwinding
{
    private readonly HashSet<Guid> _badPlayers;
    private readonly ConcernedCards _concerned;
    private readonly Dictionary<Guid, LineageEvent[]> _chains;
    private readonly Dictionary<Guid, LineageEvent?> _later = [];
    private readonly Dictionary<Guid, LineageEvent?> _earlier = [];
    private readonly Dictionary<Guid, Unit> _units = [];
    private readonly Dictionary<Guid, Standing> _standing = [];

    /// <param name="concerned">Every card that has to be looked at, with each event of it that counts.</param>
    /// <param name="tainted">Those that may be taken back: what came of the bad event, or the wide walk from it.</param>
    /// <param name="bad">The bad ones among them.</param>
    /// <param name="badPlayers">Who is owed nothing.</param>
    public Unwinding(
        ConcernedCards concerned,
        IReadOnlySet<Guid> tainted,
        IReadOnlySet<Guid> bad,
        IEnumerable<Guid> badPlayers
    )
    {
        (_badPlayers, _concerned) = ([.. badPlayers], concerned);
        _chains = concerned.Standing.GroupBy(e => e.CardId).ToDictionary(g => g.Key, g => g.OrderBy(e => e.Position).ToArray());
        foreach (var chain in _chains.Values)
            for (var i = 0; i < chain.Length; i++)
            {
                _earlier[chain[i].Id] = i > 0 ? chain[i - 1] : null;
                _later[chain[i].Id] = i + 1 < chain.Length ? chain[i + 1] : null;
            }
        foreach (var together in concerned.Standing.GroupBy(e => e.IsTrade ? e.OperationId : e.Id).Where(g => g.Any(e => tainted.Contains(e.Id))))
        {
            var unit = new Unit([.. together], together.Any(e => bad.Contains(e.Id)));
            foreach (var e in unit.Events)
                _units[e.Id] = unit;
        }
        Settle();
    }

    /// <summary>What becomes of one card: the events it goes back over, latest first, or why it stays.</summary>
    public (IReadOnlyList<LineageEvent> Undone, Standing? Standing) Of(Guid card)
    {
        var chain = _chains[card];
        var undone = chain.Reverse().TakeWhile(IsUndone).ToList();
        // The event it could not go back over, if it should have.
        var stopped = chain.Reverse().Skip(undone.Count).FirstOrDefault(e => _units.ContainsKey(e.Id));
        return (undone, stopped is null ? null : _standing[stopped.Id]);
    }

    private bool IsUndone(LineageEvent e) => _units.ContainsKey(e.Id) && !_standing.ContainsKey(e.Id);

    private void Settle()
    {
        var units = _units.Values.Distinct().ToList();
        var latestFirst = units.SelectMany(u => u.Events).OrderByDescending(e => e.Sequence).ToList();
        var earliestFirst = units.OrderBy(u => u.Events[0].Sequence).ToList();
        for (var changed = true; changed; )
        {
            changed = false;
            foreach (var e in latestFirst)
                if (IsUndone(e) && OutOfReach(e) is { } standing)
                    changed = Stand(e, standing);
            foreach (var unit in earliestFirst)
                if (!unit.IsBad && unit.Events.Any(IsUndone) && !unit.Events.Any(HasCause))
                    changed = StandWhole(unit, new Standing(StandReason.NoCause, null));
        }
    }

    private Standing? OutOfReach(LineageEvent e) =>
        _concerned.Damaged.Contains(e.CardId) ? new Standing(StandReason.Damaged, null)
        : e.From is { } giver && !_concerned.Open.Contains(giver) && !GoesBackFurther(e) ? new Standing(StandReason.OwnerClosed, null)
        : _later[e.Id] is { } later && !IsUndone(later) ? new Standing(StandReason.MovedOn, later.Id)
        : null;

    private bool HasCause(LineageEvent e) => IsUndone(e) && GoesBackFurther(e);

    private bool GoesBackFurther(LineageEvent e) => _earlier[e.Id] is { } earlier && IsUndone(earlier);

    private bool Stand(LineageEvent e, Standing standing)
    {
        _standing[e.Id] = standing;
        if (e.IsTrade && !_badPlayers.Contains(e.From!.Value))
            StandWhole(_units[e.Id], new Standing(StandReason.TradeStands, e.Id));
        return true;
    }

    private bool StandWhole(Unit unit, Standing standing)
    {
        foreach (var e in unit.Events)
            _standing.TryAdd(e.Id, standing);
        return true;
    }

    private sealed record Unit(IReadOnlyList<LineageEvent> Events, bool IsBad);
}

/// <summary>Why a card stays.</summary>
/// <param name="Reason">The rule.</param>
/// <param name="Because">The event that could not be taken back; null when the card's own is meant.</param>
internal sealed record Standing(StandReason Reason, Guid? Because);
