using Gamekeeper.Simulation.Reads;
using Gamekeeper.Simulation.Reads.Checking;
using Gamekeeper.Simulation.Reads.Recording;
using static Gamekeeper.Tests.Simulation.Reads.FabricatedReads;

namespace Gamekeeper.Tests.Simulation.Reads;

/// <summary>Each rule is seen to let a good history pass and to fail at a bad one.</summary>
public sealed class ChecksTests
{
    [Fact]
    public void What_was_acknowledged_before_the_question_is_in_the_answer() =>
        new FabricatedReads().Write(1, 2).Read(1, began: 3, ended: 4).Read(1, began: 5, ended: 6, Source.Redis).Check().ShouldBeEmpty();

    [Fact]
    public void An_older_answer_is_a_breach_that_names_everything()
    {
        var breach = new FabricatedReads().Write(1, 2).Write(3, 4).Read(1, began: 5, ended: 6, Source.Redis).Check().ShouldHaveSingleItem();
        breach.Rule.ShouldBe(FreshnessRules.Stale);
        breach.Subject.ShouldStartWith("deck ");
        breach.Expected.ShouldBe("at least 2, whose write began at 3.0000 s and was acknowledged by node 0 at 4.0000 s");
        breach.Found.ShouldBe("1, asked of node 1 at 5.0000 s, answered at 6.0000 s (redis), while nothing was broken");
    }

    [Theory]
    [InlineData(Source.Memory)]
    [InlineData(Source.Redis)]
    [InlineData(Source.Loaded)]
    [InlineData(Source.Bypassed)]
    [InlineData(Source.None)]
    public void Wherever_it_comes_from_an_old_answer_is_a_breach(object source) =>
        new FabricatedReads().Write(1, 2).Read(0, 3, 4, (Source)source).Check().ShouldHaveSingleItem().Rule.ShouldBe(FreshnessRules.Stale);

    [Fact]
    public void An_old_answer_that_is_marked_stale_is_none() => new FabricatedReads().Write(1, 2).Read(0, 3, 4, Source.Stale).Check().ShouldBeEmpty();

    [Fact]
    public void While_a_write_is_under_way_both_values_may_be_seen() =>
        new FabricatedReads().Write(1, 5).Read(0, began: 2, ended: 3).Read(1, began: 2, ended: 3).Read(0, began: 4.9, ended: 7).Check().ShouldBeEmpty();

    [Fact]
    public void A_question_that_began_with_the_acknowledgement_may_still_get_the_old_value() =>
        new FabricatedReads().Write(1, 2).Read(0, began: 2, ended: 3).Check().ShouldBeEmpty();

    [Fact]
    public void A_breach_tells_what_was_broken_then()
    {
        var breach = new FabricatedReads().Strike(FaultKind.NodePaused, 2.5, 3.5).Write(1, 2).Read(0, 3, 4).Check().ShouldHaveSingleItem();
        breach.Found.ShouldEndWith("during something from 2.5000 s to 3.5000 s, over at 3.5000 s");
    }

    [Fact]
    public void What_nobody_had_begun_to_write_is_a_breach() =>
        new FabricatedReads().Read(1, began: 1, ended: 2).Write(3, 4).Check().ShouldHaveSingleItem().Rule.ShouldBe(FreshnessRules.Unwritten);

    [Fact]
    public void Even_when_it_is_marked_stale() =>
        new FabricatedReads().Read(1, 1, 2, Source.Stale).Write(3, 4).Check().ShouldHaveSingleItem().Rule.ShouldBe(FreshnessRules.Unwritten);

    [Fact]
    public void A_write_without_an_answer_widens_what_may_be_seen()
    {
        var reads = new FabricatedReads();
        reads.Write(1).Lost(Ticks(2), node: 0).Acknowledge(Ticks(9), node: 1);
        reads.Read(0, 3, 4).Read(1, 3, 4).Read(0, 8, 10).Check().ShouldBeEmpty();
        reads.Read(0, 10, 11).Check().ShouldHaveSingleItem().Rule.ShouldBe(FreshnessRules.Stale);
    }

    [Fact]
    public void A_write_that_was_only_found_done_promises_nothing()
    {
        var reads = new FabricatedReads();
        reads.Write(1).Lost(Ticks(2), node: 0).FindDone();
        reads.Read(0, 100, 101).Read(1, 100, 101).Check().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3.9, 0)]
    [InlineData(4.1, 1)]
    public void A_killed_writers_value_is_everywhere_within_two_seconds(double asked, int breaches)
    {
        var reads = new FabricatedReads().Strike(FaultKind.WriterKilled, 1, 9, node: 2);
        reads.Write(1.5).Lost(Ticks(2), node: 2).FindDone();
        var found = reads.Read(0, asked, asked + 0.1).Check();
        found.Select(f => f.Rule).ShouldBe(Enumerable.Repeat(KilledWriterRules.Untold, breaches));
    }

    [Fact]
    public void A_writer_that_was_not_killed_has_no_such_bound()
    {
        var reads = new FabricatedReads().Strike(FaultKind.WriterKilled, 1, 9, node: 2);
        reads.Write(1.5).Lost(Ticks(2), node: 0).FindDone();
        reads.Read(0, 8, 9).Check().ShouldBeEmpty();
    }

    [Fact]
    public void A_replay_tells_that_the_killed_writer_had_done_it()
    {
        var reads = new FabricatedReads().Strike(FaultKind.WriterKilled, 1, 9, node: 2);
        reads.Write(1.5).Lost(Ticks(2), node: 2).Acknowledge(Ticks(8), node: 1, isReplay: true);
        reads.Read(0, 5, 5.1).Check().ShouldHaveSingleItem().Rule.ShouldBe(KilledWriterRules.Untold);
    }

    [Fact]
    public void A_write_of_which_nobody_ever_knows_is_a_breach()
    {
        var reads = new FabricatedReads();
        reads.Write(1).Lost(Ticks(2), node: 0);
        reads.Check().ShouldHaveSingleItem().Rule.ShouldBe(AnswerRules.NoAnswer);
    }

    [Fact]
    public void An_answer_that_makes_no_sense_is_a_breach()
    {
        var reads = new FabricatedReads();
        reads.History.Add(new Oddity(Ticks(1), 2, "GET /somewhere", "500"));
        reads.Check().ShouldHaveSingleItem().Found.ShouldBe("500, from node 2 at 1.0000 s");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_flush_is_nobodys_error(bool isWrite)
    {
        new FabricatedReads().Strike(FaultKind.RedisFlushed, 1, 2).Send(1.5, 1.6, null, isWrite).Send(5, 6, "connection lost", isWrite).Check().ShouldBeEmpty();
        new FabricatedReads().Strike(FaultKind.RedisFlushed, 1, 2).Send(1.5, 1.6, "connection lost", isWrite).Check()
            .ShouldHaveSingleItem().Rule.ShouldBe(AnswerRules.Flushed);
        new FabricatedReads().Strike(FaultKind.RedisKilled, 1, 2).Send(1.5, 1.6, "connection lost", isWrite).Check().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(-1, false)]
    public void What_is_stored_is_what_was_written_last(int stored, bool isRight)
    {
        var found = new FabricatedReads().Write(1, 2).Write(3, 4).Store(stored).Check();
        found.Select(f => f.Rule).ShouldBe(isRight ? [] : [StoredRules.Lost]);
    }

    [Fact]
    public void Writes_of_a_subject_that_overlap_are_a_defect_of_the_proof()
    {
        var reads = new FabricatedReads();
        reads.Write(1).Acknowledge(Ticks(5), node: 0);
        reads.Write(4).Acknowledge(Ticks(6), node: 0);
        reads.Check().ShouldHaveSingleItem().Rule.ShouldBe(OrderRules.NotInOrder);
    }
}
