namespace Gamekeeper.Auditing;

/// <summary>From when (inclusive) until when (exclusive). Audit tables have a partition for each month: a range reads only its own.</summary>
/// <param name="From">Null from the beginning.</param>
/// <param name="Until">Null until now and later.</param>
public sealed record AuditRange(DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    internal DateTimeOffset Start => From?.ToUniversalTime() ?? DateTimeOffset.MinValue;

    internal DateTimeOffset End => Until?.ToUniversalTime() ?? DateTimeOffset.MaxValue;

    internal bool IsBounded => From is not null && Until is not null;
}

/// <summary>Which changes of rows are asked for.</summary>
public abstract record ChangeQuestion
{
    private ChangeQuestion() { }

    /// <summary>The history of one row.</summary>
    public sealed record OfRecord(string Schema, string Table, string RecordId) : ChangeQuestion;

    /// <summary>What one account or service key changed.</summary>
    public sealed record ByActor(Guid ActorId) : ChangeQuestion;

    /// <summary>Everything in a range, which must be bounded at both ends; with an action only INSERT, UPDATE or DELETE.</summary>
    public sealed record InRange(string? Action = null) : ChangeQuestion;
}

/// <summary>Which activities are asked for.</summary>
public abstract record ActivityQuestion
{
    private ActivityQuestion() { }

    /// <summary>What one account or service key did or tried.</summary>
    public sealed record ByActor(Guid ActorId) : ActivityQuestion;

    /// <summary>Who did or tried this verb, such as <c>trade.accept</c>.</summary>
    public sealed record ByAction(string Action) : ActivityQuestion;

    /// <summary>Everything in a range, which must be bounded at both ends.</summary>
    public sealed record InRange : ActivityQuestion;
}
