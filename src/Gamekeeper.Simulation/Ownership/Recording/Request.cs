namespace Gamekeeper.Simulation.Ownership.Recording;

/// <summary>One thing that was asked under one key, however often it was sent.</summary>
/// <param name="number">In the order of the asking, from 1.</param>
/// <param name="asked">What.</param>
internal sealed class Request(int number, Asked asked)
{
    private readonly Lock _lock = new();
    private readonly List<Send> _sends = [];

    public int Number { get; } = number;

    public Asked Asked { get; } = asked;

    /// <summary>The same whenever and wherever it is sent.</summary>
    public string Key { get; } = $"proof-{number}";

    /// <summary>Every sending that has ended, in the order of their ends.</summary>
    public IReadOnlyList<Send> Sends
    {
        get
        {
            lock (_lock)
                return [.. _sends];
        }
    }

    /// <summary>Answers with success.</summary>
    public IEnumerable<(Send Send, Reply.Done Done)> Acknowledgements =>
        Sends.Where(s => s.Reply is Reply.Done).Select(s => (s, (Reply.Done)s.Reply));

    /// <summary>The first success; null when there was none.</summary>
    public Reply.Done? Acknowledged => Acknowledgements.Select(a => a.Done).FirstOrDefault();

    /// <summary>Its effect, if any, came after this.</summary>
    public long Began => Sends.Select(s => s.Began).DefaultIfEmpty(long.MinValue).Min();

    /// <summary>Its effect was there by then; the end of time when nobody was told.</summary>
    public long DoneBy => Acknowledgements.Select(a => a.Send.Ended).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>
    /// Its outcome is known: a success, or a refusal of a sending that began when nothing was under way any more whose outcome is unknown.
    /// </summary>
    public bool IsSettled
    {
        get
        {
            var sends = Sends;
            var lastUnknown = sends.Where(s => s.Reply is Reply.Unknown).Select(s => s.Ended).DefaultIfEmpty(long.MinValue).Max();
            return sends.Any(s => s.Reply is Reply.Done || (s.Reply is Reply.Refused && s.Began >= lastUnknown));
        }
    }

    public void Add(Send send)
    {
        lock (_lock)
            _sends.Add(send);
    }

    /// <inheritdoc />
    public override string ToString() => $"request {Number}, {Asked.Kind}";
}
