using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace Gamekeeper.Server.Errors;

/// <summary>The edge at which every exception becomes an answer, and is logged once if it is the world's fault or ours.</summary>
internal sealed partial class FailureHandler(ILogger<FailureHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The caller has gone: nobody reads an answer, and it is nobody's failure.
        if (exception is OperationCanceledException or IOException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var refusal = exception switch
        {
            BadHttpRequestException bad => BadRequests.Of(bad, httpContext),
            _ => DatabaseFailures.Of(exception),
        };
        if (refusal is null)
        {
            LogUnexpected(logger, exception, httpContext.Request.Method, Route(httpContext), httpContext.RequestId());
            // Its code is published and safe; its message may name what an outsider need not know.
            var code = exception is GamekeeperException known ? RequestErrors.Unexpected with { Code = known.Code } : RequestErrors.Unexpected;
            refusal = new Refusal(code, "The failure was logged under the request id; nothing more is known about it here.");
        }
        else if (refusal.Code.Status >= StatusCodes.Status500InternalServerError)
        {
            LogUnavailable(logger, refusal.Code.Code, ((exception as PostgresException) ?? exception.InnerException as PostgresException)?.SqlState ?? (exception.InnerException ?? exception).GetType().Name, Route(httpContext), httpContext.RequestId());
        }
        else if (exception is PostgresException refused)
        {
            // A verb should have put this into words of its own before the database had to.
            LogRefusedByDatabase(logger, refused.SqlState, refused.ConstraintName, Route(httpContext), httpContext.RequestId());
        }
        await refusal.ExecuteAsync(httpContext);
        return true;
    }

    // The pattern, not the path: ids and search words stay out of the log.
    private static string Route(HttpContext context) => (BadRequests.Asked(context) as RouteEndpoint)?.RoutePattern.RawText ?? "no route";

    [LoggerMessage(900, LogLevel.Error, "{Method} {Route} failed unexpectedly, request {RequestId}")]
    private static partial void LogUnexpected(ILogger logger, Exception failure, string method, string route, Guid requestId);

    [LoggerMessage(901, LogLevel.Warning, "{Code} ({Failure}) on {Route}, request {RequestId}")]
    private static partial void LogUnavailable(ILogger logger, string code, string failure, string route, Guid requestId);

    [LoggerMessage(902, LogLevel.Warning, "PostgreSQL refused with SQLSTATE {SqlState}, constraint {Constraint}, on {Route}, request {RequestId}")]
    private static partial void LogRefusedByDatabase(ILogger logger, string sqlState, string? constraint, string route, Guid requestId);
}
