using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gamekeeper.Scheduling;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints.Ops;

/// <summary>Periodic work: when it is due, how it went, and starting it now.</summary>
internal static class JobEndpoints
{
    private static readonly ErrorCode Unknown = new("jobs.unknown", 404, "This server has no such job.");
    private static readonly ErrorCode Running = new("jobs.already-running", 409, "The job is running already.");

    public static void Map(RouteGroupBuilder ops)
    {
        ops.MapGet("/jobs", ListAsync).WithName("listJobs").WithSummary("Every job of the cluster: when it is due and how it went last");
        ops.MapPost("/jobs/{name}/run", RunAsync)
            .WithName("runJob")
            .WithSummary("Run a job now and answer when it is done; its next due time counts from now")
            .Refuses(Unknown, Running);
    }

    private static async Task<Ok<JobsResponse>> ListAsync(JobBoard jobs, CancellationToken cancellationToken) =>
        TypedResults.Ok(new JobsResponse([.. (await jobs.ListAsync(cancellationToken)).Select(JobResponse.Of)]));

    private static async Task<Results<Ok<JobRanResponse>, Refusal>> RunAsync(
        [StringLength(100, MinimumLength = 1)] string name,
        JobBoard jobs,
        CancellationToken cancellationToken
    ) =>
        await jobs.RunNowAsync(name, cancellationToken) switch
        {
            RunNowOutcome.Ran ran => TypedResults.Ok(new JobRanResponse(ran.Succeeded, ran.Said)),
            RunNowOutcome.AlreadyRunning at => new Refusal(Running, $"{at.Node ?? "Another node"} is at it, until {at.Until:O} at the latest unless it goes on."),
            _ => new Refusal(Unknown, "See GET /v1/ops/jobs for those there are."),
        };
}

internal sealed record JobsResponse(IReadOnlyList<JobResponse> Items);

internal sealed record JobResponse(
    string Name,
    string Purpose,
    DateTimeOffset NextRunAt,
    [property: Description("Who runs it now.")] string? RunningOn,
    [property: Description("Failures since it last went well.")] int Failures,
    JobRunResponse? LastRun
)
{
    public static JobResponse Of(JobStatus job) =>
        new(job.Name, job.Purpose, job.NextRunAt, job.RunningOn, job.Failures, job.LastRun is { } run ? JobRunResponse.Of(run) : null);
}

internal sealed record JobRunResponse(
    string Node,
    bool IsManual,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    [property: Description("`succeeded`, `failed`, `lost`; null while it runs.")] string? Outcome,
    string? Said,
    string? Error
)
{
    public static JobRunResponse Of(JobRun run) => new(run.Node, run.IsManual, run.StartedAt, run.EndedAt, run.Outcome, run.Said, run.Error);
}

internal sealed record JobRanResponse(bool Succeeded, [property: Description("What it says it did, or why it failed.")] string Said);
