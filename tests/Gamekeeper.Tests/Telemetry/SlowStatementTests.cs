using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gamekeeper.Tests.Telemetry;

public sealed class SlowStatementTests
{
    private const string Secret = "never-to-be-logged";

    [Fact]
    public async Task Slow_streams_and_slow_commands_of_entity_framework_are_told_too()
    {
        using var logs = new LogCapture();
        await using var db = await TestDatabase.CreateAsync(
            new TestDatabaseOptions(Configure: services => services.AddLogging(l => l.AddProvider(logs)).Configure<GameDatabaseOptions>(o => o.SlowStatement = TimeSpan.FromMilliseconds(100)))
        );

        await foreach (var _ in db.Database.StreamAsync(new Nap(0.1, Secret)))
            continue;
        await db.Database.WriteAsync(
            Actor.System(db.Clock),
            async (unit, ct) =>
            {
                await using var context = await unit.ContextAsync<SummonersGridContext>(o => new(o), ct);
                await context.Database.ExecuteSqlAsync($"select pg_sleep(0.1), {Secret}", ct);
            }
        );

        var told = logs.Entries.Where(e => e.EventId == 100).Select(e => e.Text).ToList();
        told.ShouldContain(t => t.StartsWith("Slow statement SlowStatementTests.Nap: ", StringComparison.Ordinal));
        told.ShouldContain(t => t.StartsWith("Slow statement SummonersGridContext: ", StringComparison.Ordinal));
        told.ShouldAllBe(t => !t.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slow_statement_is_one_log_entry_and_one_count_with_its_name_and_without_its_parameters()
    {
        using var logs = new LogCapture();
        var options = new TestDatabaseOptions(
            Configure: services => services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
        );
        await using var db = await TestDatabase.CreateAsync(options);
        var counts = new ConcurrentQueue<(long Count, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "gamekeeper.database.slow_statements")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => counts.Enqueue((count, string.Join(' ', tags.ToArray()))));
        listener.Start();

        await db.Database.FirstAsync(new Nap(0.01, Secret));
        await db.Database.FirstAsync(new Nap(1.1, Secret));

        var told = logs.Entries.Where(e => e.EventId == 100).ShouldHaveSingleItem();
        told.Level.ShouldBe(LogLevel.Warning);
        told.Text.ShouldStartWith("Slow statement SlowStatementTests.Nap: 1");
        told.Text.ShouldContain("threshold 1000 ms");
        logs.Entries.ShouldAllBe(e => !e.Text.Contains(Secret, StringComparison.Ordinal));
        // Other tests count on the same meter, under other names.
        counts.Where(c => c.Tags.Contains("Nap", StringComparison.Ordinal)).ShouldBe([(1L, "[statement, SlowStatementTests.Nap]")]);
    }
}

file sealed record Nap(double Seconds, string Secret) : IQuery<Nap, bool>
{
    public static string Sql => "select pg_sleep($1) is not null and $2 <> ''";

    public void Bind(StatementParameters parameters) => parameters.Add(Seconds).Add(Secret);

    public static bool Read(NpgsqlDataReader row) => row.GetBoolean(0);
}
