using Gamekeeper.Caching.Fencing;

namespace Gamekeeper.Tests.Caching;

public sealed class AwaitedAnswersTests
{
    private static readonly Guid One = Guid.CreateVersion7();
    private static readonly Guid Two = Guid.CreateVersion7();

    [Fact]
    public void It_waits_for_each_node_that_was_asked()
    {
        var awaited = new AwaitedAnswers([One, Two], epoch: 5);
        awaited.Take(new(One, Number: 1, Epoch: 5));
        awaited.Take(new(One, Number: 1, Epoch: 5));
        awaited.All.IsCompleted.ShouldBeFalse();
        awaited.Missing.ShouldBe([Two]);
        awaited.Take(new(Two, Number: 1, Epoch: 6));
        awaited.All.IsCompletedSuccessfully.ShouldBeTrue();
        awaited.IsElsewhere.ShouldBeTrue();
    }

    [Fact]
    public void Whoever_was_not_asked_answers_for_nobody()
    {
        var awaited = new AwaitedAnswers([One], epoch: 5);
        awaited.Take(new(Two, Number: 1, Epoch: 900));
        awaited.All.IsCompleted.ShouldBeFalse();
        awaited.IsElsewhere.ShouldBeFalse();
    }
}
