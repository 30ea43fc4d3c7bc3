using Gamekeeper.Simulation.Reads;
using Gamekeeper.Simulation.Reads.Recording;
using static Gamekeeper.Tests.Simulation.Reads.FabricatedReads;

namespace Gamekeeper.Tests.Simulation.Reads;

public sealed class MeasuresTests
{
    private static readonly ReadsPlan Plan = new(Seed: 1, Operations: 2000, Rate: 100, Without: null, Only: []);

    [Fact]
    public void A_fault_covers_the_writes_that_were_under_way_in_it()
    {
        var reads = new FabricatedReads().Strike(FaultKind.RedisPaused, 2, 4)
            .Write(0, 1).Write(1.5, 2).Write(2.5, 3).Write(3.9, 9).Write(9, 10);
        var (healthy, faults) = Measures.Figures(reads.History, 0, Ticks(10), reads.Moments);
        var paused = faults.Single(f => f.Name == "redis-paused");
        paused.ShouldSatisfyAllConditions(
            p => p.Strikes.ShouldBe(1), p => p.Seconds.ShouldBe(2), p => p.Writes.ShouldBe(3), p => p.Share.ShouldBe(0.6), p => p.WriteMax.ShouldBe(5100));
        healthy.ShouldSatisfyAllConditions(h => h.Writes.ShouldBe(2), h => h.Seconds.ShouldBe(8));
        faults.Count.ShouldBe(Enum.GetValues<FaultKind>().Length);
    }

    [Fact]
    public void Availability_is_what_was_answered_of_what_was_asked()
    {
        var reads = new FabricatedReads().Strike(FaultKind.NodePaused, 0, 10)
            .Read(0, 1, 2).Read(0, 1, 2).Read(0, 1, 2).Send(1, 2, "no answer in time").Send(1, 2, null, isWrite: true).Send(1, 2, "connection lost", isWrite: true);
        var paused = Measures.Figures(reads.History, 0, Ticks(10), reads.Moments).Faults.Single(f => f.Name == "node-paused");
        paused.ReadAvailability.ShouldBe(0.75);
        paused.WriteAvailability.ShouldBe(0.5);
    }

    [Fact]
    public void Only_an_answer_without_PostgreSQL_and_without_the_mark_is_a_hit()
    {
        var reads = new FabricatedReads();
        foreach (var source in Enum.GetValues<Source>())
            reads.Read(0, 1, 2, source);
        var healthy = Measures.Figures(reads.History, 0, Ticks(10), reads.Moments).Healthy;
        healthy.Hits.ShouldBe(Math.Round(2.0 / 6, 4));
        healthy.Stale.ShouldBe(1);
    }

    [Fact]
    public void What_was_before_every_node_served_is_not_healthy()
    {
        var reads = new FabricatedReads().Read(0, 1, 2, Source.Bypassed).Read(0, 4, 5, Source.Bypassed).Read(0, 5, 6).Read(0, 7, 8, Source.Loaded);
        var healthy = Measures.Figures(reads.History, Ticks(5), Ticks(10), reads.Moments).Healthy;
        healthy.ShouldSatisfyAllConditions(h => h.Reads.ShouldBe(2), h => h.Hits.ShouldBe(0.5), h => h.Bypassed.ShouldBe(0), h => h.Seconds.ShouldBe(5));
    }

    [Theory]
    [InlineData("gamekeeper; hit; detail=memory", Source.Memory)]
    [InlineData("gamekeeper; hit; detail=redis", Source.Redis)]
    [InlineData("gamekeeper; fwd=miss; stored", Source.Loaded)]
    [InlineData("gamekeeper; fwd=bypass", Source.Bypassed)]
    [InlineData("gamekeeper; hit; detail=stale", Source.Stale)]
    [InlineData(null, Source.None)]
    public void The_header_tells_the_source(string? header, object source) => Sources.Read(header).ShouldBe((Source)source);

    [Fact]
    public void A_run_that_tried_enough_falls_short_of_nothing() => Of(Healthy(), Faults()).ShouldBeEmpty();

    [Fact]
    public void A_bypass_falls_short() => Of(Healthy() with { Hits = 0.79 }, Faults()).ShouldHaveSingleItem().ShouldContain("hits");

    [Fact]
    public void So_does_a_cache_of_one_level()
    {
        Of(Healthy() with { Redis = 0 }, Faults()).ShouldHaveSingleItem().ShouldContain("from Redis");
        Of(Healthy() with { Memory = 0 }, Faults()).ShouldHaveSingleItem().ShouldContain("from memory");
    }

    [Fact]
    public void So_does_a_fault_that_covered_too_little_or_never_was() =>
        Of(Healthy(), [.. Faults().Select((f, i) => i switch { 0 => f with { Share = 0.049 }, 1 => f with { Strikes = 0 }, _ => f })]).Count.ShouldBe(2);

    [Fact]
    public void So_does_a_killed_writer_that_had_committed_nothing() =>
        Shortfalls.Of(Plan, Totals() with { OrphanedWrites = 0 }, Healthy(), Faults()).ShouldHaveSingleItem().ShouldContain("no writer");

    [Fact]
    public void So_do_too_few_operations() =>
        Shortfalls.Of(Plan, Totals() with { ReadsAnswered = 100 }, Healthy(), Faults()).ShouldHaveSingleItem().ShouldContain("of 2000 operations");

    private static List<string> Of(StretchFigures healthy, IReadOnlyList<StretchFigures> faults) => [.. Shortfalls.Of(Plan, Totals(), healthy, faults)];

    private static ReadsTotals Totals() => new(1900, 0, 0, 150, 0, 0, 0, OrphanedWrites: 1);

    private static StretchFigures Healthy() => new("healthy", 0, 10, 50, 0.4, 900, 1, 1, 5, 9, 10, Hits: 0.9, Memory: 800, Redis: 50, 0, 0);

    private static List<StretchFigures> Faults() =>
        [.. Enum.GetValues<FaultKind>().Select(k => new StretchFigures(FaultKinds.Name(k), 1, 5, 10, 0.06, 100, 1, 1, 5, 9, 10, 0.5, 40, 10, 0, 0))];
}
