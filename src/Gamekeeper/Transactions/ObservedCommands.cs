using System.Data.Common;
using Gamekeeper.Telemetry;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Gamekeeper.Transactions;

/// <summary>What EF Core sends is observed like every statement of ours, under the name of its context.</summary>
internal sealed class ObservedCommands(RoundTripObserver observer, string name) : DbCommandInterceptor
{
    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result,
        CancellationToken cancellationToken = default
    )
    {
        observer.Sent(name, eventData.Duration, failure: null);
        return new(result);
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        observer.Sent(name, eventData.Duration, failure: null);
        return new(result);
    }

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        object? result,
        CancellationToken cancellationToken = default
    )
    {
        observer.Sent(name, eventData.Duration, failure: null);
        return new(result);
    }

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        observer.Sent(name, eventData.Duration, eventData.Exception);
        return Task.CompletedTask;
    }
}
