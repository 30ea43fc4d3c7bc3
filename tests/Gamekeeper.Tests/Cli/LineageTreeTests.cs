using Gamekeeper.Cli.Commands.Incidents;
using Gamekeeper.SummonersGrid.Ownership.Lineage;

namespace Gamekeeper.Tests.Cli;

public sealed class LineageTreeTests
{
    [Fact]
    public void Ten_thousand_exchanges_one_after_the_other_are_lines_that_can_be_read()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => Guid.CreateVersion7()).ToList();
        var cards = ids.Select((id, i) => new LineageCard(id, "alpha-001", id, IsFrozen: true, i, i == 0 ? null : ids[i - 1], [])).ToList();

        var lines = LineageTree.Draw(new CardLineage(new LineageStart.OfCard(ids[0]), cards, false, false, []), PlayerNames.None).ToList();

        lines.Count.ShouldBe(10_001);
        lines[^1].ShouldContain("[depth 9999]");
        lines.ShouldAllBe(l => l.Length < 250);
    }
}
