using System.Globalization;
using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gamekeeper.Tests.Batching;

/// <summary>One process and its memory.</summary>
public sealed class WriteBehindTests
{
    [Theory]
    [InlineData(500, 1)]
    [InlineData(20, 3)]
    public async Task A_thousand_beats_of_fifty_are_few_statements_and_the_last_of_each_counts(int maxBatch, int statements)
    {
        await using var db = await CreateAsync(o => o with { MaxBatch = maxBatch });
        var beats = db.Get<WriteBehind<Beat>>();

        await Parallel.ForAsync(0, 1000, (i, _) =>
        {
            beats.Accept(new(Name(i % 50), i / 50)).ShouldBeTrue();
            return ValueTask.CompletedTask;
        });
        foreach (var who in Enumerable.Range(0, 50))
            beats.Accept(new(Name(who), 20)).ShouldBeTrue();
        beats.Waiting.ShouldBe(50);
        (await Beat.StatementsAsync(db)).ShouldBe(0);

        (await beats.WriteAsync()).ShouldBe(50);

        (await Beat.StatementsAsync(db)).ShouldBe(statements);
        (await Beat.WrittenAsync(db)).ShouldBe(Enumerable.Range(0, 50).Select(who => $"{Name(who)}=20"));
        (beats.Waiting, await beats.WriteAsync()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_its_caller_told()
    {
        await using var db = await CreateAsync(o => o with { MaxQueued = 3 });
        var beats = db.Get<WriteBehind<Beat>>();
        for (var i = 0; i < 3; i++)
            beats.Accept(new(Name(i), 1)).ShouldBeTrue();

        beats.Accept(new(Name(3), 1)).ShouldBeFalse();
        // Who waits already takes no further place.
        beats.Accept(new(Name(0), 2)).ShouldBeTrue();
        await beats.WriteAsync();
        beats.Accept(new(Name(3), 1)).ShouldBeTrue();

        (await Beat.WrittenAsync(db)).ShouldBe(["who-00=2", "who-01=1", "who-02=1"]);
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_is_named_and_given_up_and_the_others_are_written()
    {
        var log = new LogCapture();
        await using var db = await CreateAsync(configure: services => services.AddSingleton<ILoggerProvider>(log));
        var beats = db.Get<WriteBehind<Beat>>();
        for (var i = 0; i < 20; i++)
            beats.Accept(new(Name(i), i is 7 or 13 ? -1 : i));

        (await beats.WriteAsync()).ShouldBe(18);

        (await Beat.WrittenAsync(db)).Count.ShouldBe(18);
        var named = log.Entries.Where(e => e.Level == LogLevel.Error && e.EventId == 1100).Select(e => e.Text).ToList();
        named.Count.ShouldBe(2);
        named[0].ShouldContain("who-07");
        named[1].ShouldContain("who-13");
        (beats.Waiting, await beats.WriteAsync()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_is_no_rows_fault_keeps_all_of_them_for_the_next_time()
    {
        await using var db = await CreateAsync();
        var beats = db.Get<WriteBehind<Beat>>();
        for (var i = 0; i < 5; i++)
            beats.Accept(new(Name(i), 1));
        await db.ExecuteAsync(TestRole.Owner, "revoke insert on core.beats from gamekeeper_app");

        (await Should.ThrowAsync<PostgresException>(beats.WriteAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        beats.Waiting.ShouldBe(5);
        await db.ExecuteAsync(TestRole.Owner, "grant insert on core.beats to gamekeeper_app");

        (await beats.WriteAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task What_comes_while_its_predecessor_is_being_written_is_written_next()
    {
        await using var db = await CreateAsync();
        var beats = db.Get<WriteBehind<Beat>>();
        beats.Accept(new("a", 1));
        beats.Accept(new("b", 1));
        await using (var held = await HeldBeats.TakeAsync(db))
        {
            var writing = beats.WriteAsync();
            await held.SomebodyWaitsAsync();
            beats.Accept(new("a", 2));
            await held.DisposeAsync();
            (await writing).ShouldBe(2);
        }

        (await Beat.WrittenAsync(db)).ShouldBe(["a=1", "b=1"]);
        (await beats.WriteAsync()).ShouldBe(1);
        (await Beat.WrittenAsync(db)).ShouldBe(["a=2", "b=1"]);
    }

    [Fact]
    public async Task The_host_writes_each_interval()
    {
        await using var db = await CreateAsync(o => o with { Interval = TimeSpan.FromMilliseconds(100), ShareAfter = TimeSpan.FromMilliseconds(10) });
        var loop = Loop(db);
        await loop.StartAsync(CancellationToken.None);
        for (var i = 1; i <= 2; i++)
        {
            db.Get<WriteBehind<Beat>>().Accept(new("a", i));
            await Soon.TrueAsync(async () => (await Beat.WrittenAsync(db)).SequenceEqual([$"a={i}"]), "the interval is over");
        }
        await loop.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_host_writes_the_rest_when_it_stops()
    {
        await using var db = await CreateAsync();
        var loop = Loop(db);
        await loop.StartAsync(CancellationToken.None);
        db.Get<WriteBehind<Beat>>().Accept(new("a", 1));

        await loop.StopAsync(CancellationToken.None);

        (await Beat.WrittenAsync(db)).ShouldBe(["a=1"]);
    }

    [Theory]
    [InlineData("", "", "is no name")]
    [InlineData("Beats", "x", "is no name")]
    [InlineData("beats", " ", "does not say why its rows may be lost")]
    public void Nothing_is_written_behind_without_a_name_and_a_reason(string name, string reason, string problem) =>
        Should.Throw<ArgumentException>(() => Beat.WrittenBehind(o => o with { Name = name, LossIsFineSince = reason })(new ServiceCollection()))
            .Message.ShouldContain(problem);

    private static WriteBehindLoop Loop(TestDatabase db) => db.Services.GetServices<IHostedService>().OfType<WriteBehindLoop>().ShouldHaveSingleItem();

    private static string Name(int who) => string.Create(CultureInfo.InvariantCulture, $"who-{who:00}");

    private static async Task<TestDatabase> CreateAsync(Func<WriteBehindOptions, WriteBehindOptions>? change = null, Action<IServiceCollection>? configure = null)
    {
        var db = await TestDatabase.CreateAsync(
            new(
                Configure: services =>
                {
                    Beat.WrittenBehind(change)(services);
                    configure?.Invoke(services);
                }
            )
        );
        await Beat.CreateTableAsync(db);
        return db;
    }
}
