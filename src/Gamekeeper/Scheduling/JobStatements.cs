using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Scheduling;

/// <summary>Makes the job known; one that is keeps its due time. A job seen for the first time is due at once.</summary>
internal sealed record RegisterJobs(IReadOnlyList<(string Schema, IJob Job)> Jobs) : IStatement<RegisterJobs>
{
    public static string Sql =>
        """
        insert into core.jobs (name, schema_name, purpose, next_run_at)
        select name, schema_name, purpose, now()
        from unnest($1::text[], $2::text[], $3::text[]) as j (name, schema_name, purpose)
        order by name
        on conflict on constraint jobs_pkey do update
        set schema_name = excluded.schema_name, purpose = excluded.purpose
        where (jobs.schema_name, jobs.purpose) is distinct from (excluded.schema_name, excluded.purpose)
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Jobs.Select(j => j.Job.Name).ToArray())
            .Add(Jobs.Select(j => j.Schema).ToArray())
            .Add(Jobs.Select(j => j.Job.Purpose).ToArray());
}

/// <summary>A job that this node may run until the lease ends.</summary>
/// <param name="Name">The job.</param>
/// <param name="Fence">The claim's number.</param>
/// <param name="Failures">Failures since it last went well.</param>
internal sealed record Claim(string Name, long Fence, int Failures);

/// <summary>
/// Claims one job of those named, the longest overdue first. A lease that has ended counts as none, and its run as lost. Rows that another
/// node is just claiming are passed over, never waited for.
/// </summary>
internal sealed record ClaimDue(IReadOnlyList<string> Names, string Node, TimeSpan Lease, bool Manual) : IQuery<ClaimDue, Claim>
{
    public static string Sql =>
        """
        with due as (
          select name
          from core.jobs
          where name = any ($1)
            and (next_run_at <= clock_timestamp() or $4)
            and (lease_until is null or lease_until <= clock_timestamp())
          order by next_run_at
          limit 1
          for update skip locked
        ), claimed as (
          update core.jobs j
          set fence = fence + 1, lease_node = $2, lease_until = clock_timestamp() + $3
          from due
          where j.name = due.name
          returning j.name, j.fence, j.failures
        ), lost as (
          update core.job_runs r
          set ended_at = clock_timestamp(), outcome = 'lost', error = 'its runner did not renew its lease'
          from claimed c
          where r.job_name = c.name
            and r.outcome is null
        ), run as (
          insert into core.job_runs (job_name, fence, node, is_manual)
          select name, fence, $2, $4
          from claimed
        )
        select name, fence, failures from claimed
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Names.ToArray()).Add(Node).Add(Lease).Add(Manual);

    public static Claim Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt32(2));
}

/// <summary>Keeps the lease. No row: it was taken over, and what runs here must stop.</summary>
internal sealed record RenewLease(Claim Claim, TimeSpan Lease) : IQuery<RenewLease, bool>
{
    public static string Sql =>
        "update core.jobs set lease_until = clock_timestamp() + $3 where name = $1 and fence = $2 and lease_node is not null returning true";

    public void Bind(StatementParameters parameters) => parameters.Add(Claim.Name).Add(Claim.Fence).Add(Lease);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}

/// <summary>The database's clock, by which jobs are due.</summary>
internal sealed record DatabaseNow : IQuery<DatabaseNow, DateTimeOffset>
{
    public static string Sql => "select clock_timestamp()";

    public void Bind(StatementParameters parameters) { }

    public static DateTimeOffset Read(NpgsqlDataReader row) => row.GetFieldValue<DateTimeOffset>(0);
}

/// <summary>Ends the run and gives the job back, if this claim still holds it.</summary>
internal sealed record EndRun(Claim Claim, DateTimeOffset NextRunAt, string? Said, string? Error) : IStatement<EndRun>
{
    public static string Sql =>
        """
        with freed as (
          update core.jobs
          set
            next_run_at = $3,
            failures = case when $5::text is null then 0 else failures + 1 end,
            lease_node = null,
            lease_until = null
          where name = $1
            and fence = $2
          returning name, fence
        )
        update core.job_runs r
        set ended_at = clock_timestamp(), outcome = case when $5::text is null then 'succeeded' else 'failed' end, said = $4, error = $5
        from freed f
        where r.job_name = f.name
          and r.fence = f.fence
        """;

    public void Bind(StatementParameters parameters) =>
        parameters.Add(Claim.Name).Add(Claim.Fence).Add(NextRunAt).AddNullable(Said).AddNullable(Error);
}

/// <summary>Who holds a job's lease.</summary>
internal sealed record FindLease(string Name) : IQuery<FindLease, (string? Node, DateTimeOffset? Until)>
{
    public static string Sql => "select lease_node, lease_until from core.jobs where name = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Name);

    public static (string? Node, DateTimeOffset? Until) Read(NpgsqlDataReader row) =>
        (row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1));
}

/// <summary>Every registered job with its latest run.</summary>
internal sealed record ListJobs : IQuery<ListJobs, JobStatus>
{
    public static string Sql =>
        """
        select
          j.name, j.purpose, j.next_run_at,
          case when j.lease_until > clock_timestamp() then j.lease_node end,
          j.failures,
          r.node, r.is_manual, r.started_at, r.ended_at, r.outcome, r.said, r.error
        from core.jobs j
        left join lateral (
          select *
          from core.job_runs
          where job_name = j.name
          order by started_at desc, id desc
          limit 1
        ) r on true
        order by j.name
        """;

    public void Bind(StatementParameters parameters) { }

    public static JobStatus Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetFieldValue<DateTimeOffset>(2),
            Text(row, 3),
            row.GetInt32(4),
            row.IsDBNull(5) ? null : ReadRun(row, 5)
        );

    public static JobRun ReadRun(NpgsqlDataReader row, int from) =>
        new(
            row.GetString(from),
            row.GetBoolean(from + 1),
            row.GetFieldValue<DateTimeOffset>(from + 2),
            row.IsDBNull(from + 3) ? null : row.GetFieldValue<DateTimeOffset>(from + 3),
            Text(row, from + 4),
            Text(row, from + 5),
            Text(row, from + 6)
        );

    private static string? Text(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);
}

/// <summary>A job's runs, the latest first.</summary>
internal sealed record ListRuns(string Name, int Limit) : IQuery<ListRuns, JobRun>
{
    public static string Sql =>
        """
        select node, is_manual, started_at, ended_at, outcome, said, error
        from core.job_runs
        where job_name = $1
        order by started_at desc, id desc
        limit $2
        """;

    public void Bind(StatementParameters parameters) => parameters.Add(Name).Add(Limit);

    public static JobRun Read(NpgsqlDataReader row) => ListJobs.ReadRun(row, 0);
}
