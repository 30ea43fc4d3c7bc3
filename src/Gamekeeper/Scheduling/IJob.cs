namespace Gamekeeper.Scheduling;

/// <summary>Periodic work. One node of the cluster runs it at a time; a run that dies is taken over when its lease ends.</summary>
public interface IJob
{
    /// <summary>Stable name, such as <c>summoners_grid.expire-trades</c>.</summary>
    string Name { get; }

    /// <summary>One sentence for the person on call.</summary>
    string Purpose { get; }

    /// <summary>When it is due.</summary>
    JobSchedule Schedule { get; }

    /// <summary>Does the work in bounded bites and says what it did, such as "12 trades expired". Safe to run again at any time.</summary>
    Task<string> RunAsync(CancellationToken cancellationToken);
}

/// <summary>When a job is due; times are UTC.</summary>
public abstract record JobSchedule
{
    private JobSchedule() { }

    /// <summary>The first instant after <paramref name="after"/> at which the job is due.</summary>
    public abstract DateTimeOffset Next(DateTimeOffset after);

    /// <summary>Again and again, due this long after the end of the last run.</summary>
    public sealed record Every(TimeSpan Interval) : JobSchedule
    {
        /// <inheritdoc />
        public override DateTimeOffset Next(DateTimeOffset after) => after + Interval;
    }

    /// <summary>Once a day at this time.</summary>
    public sealed record Daily(TimeOnly At) : JobSchedule
    {
        /// <inheritdoc />
        public override DateTimeOffset Next(DateTimeOffset after)
        {
            var today = new DateTimeOffset(after.UtcDateTime.Date, TimeSpan.Zero) + At.ToTimeSpan();
            return today > after ? today : today.AddDays(1);
        }
    }
}
