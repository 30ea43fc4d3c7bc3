using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

/// <summary>Numbers are taken in order and committed in any.</summary>
public sealed class CommitOrderTests : IAsyncLifetime
{
    private const string Next = "nextval('summoners_grid.ownership_sequence')";

    private CheckpointWorld _world = null!;

    // The last number that is covered before anything happens.
    private long _n;

    public async ValueTask InitializeAsync()
    {
        _world = await CheckpointWorld.CreateAsync();
        await InsertAsync(Next);
        await _world.MakeAsync();
        var before = Cut(await _world.MakeAsync());
        before.Open.ShouldBeEmpty();
        _n = before.Through;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_row_that_is_committed_late_is_covered_by_the_next_checkpoint_and_holds_up_no_other()
    {
        await using var held = await _world.Database.OpenAsync(TestRole.Superuser);
        await using var transaction = await held.BeginTransactionAsync();
        await ExecuteAsync(held, InsertOperation(Next));
        await InsertAsync(Next);

        var first = Cut(await _world.MakeAsync());
        first.Rows.ShouldBe(1, "what was committed is covered, whoever else is under way");
        first.Covered.ShouldBe([new(_n + 2, _n + 2)]);
        first.Open.ShouldBe([new(_n + 1, _n + 1)]);
        (await _world.RowsAsync()).ShouldBeEmpty("what is under way is no breach");

        var second = Cut(await _world.MakeAsync());
        second.Rows.ShouldBe(0);
        second.Open.ShouldBe([new(_n + 1, _n + 1)], "its transaction is still under way");

        await transaction.CommitAsync();
        (await _world.RowsAsync()).ShouldBeEmpty("it is late, not slipped in");
        var third = Cut(await _world.MakeAsync());
        third.Covered.ShouldBe([new(_n + 1, _n + 1)]);
        third.Open.ShouldBeEmpty();
        third.Total.ShouldBe(3);
        await _world.HoldsAsync();

        await _world.AttackAsync($"delete from summoners_grid.ownership_operations where sequence = {_n + 1}");
        (await _world.RowsAsync()).ShouldHaveSingleItem().Finding.ShouldContain("was removed after checkpoint 5");
    }

    [Fact]
    public async Task A_number_is_waited_for_although_its_transaction_has_written_nothing_yet()
    {
        await using var held = await _world.Database.OpenAsync(TestRole.Superuser);
        await using var transaction = await held.BeginTransactionAsync();
        // No row, and so no transaction id: no snapshot knows of it.
        var number = await ScalarAsync(held, $"select {Next}");
        (await ScalarAsync(held, "select count(*) from pg_stat_activity where pid = pg_backend_pid() and backend_xid is not null")).ShouldBe(0);
        await InsertAsync(Next);
        Cut(await _world.MakeAsync()).Open.ShouldBe([new(number, number)]);
        Cut(await _world.MakeAsync()).Open.ShouldBe([new(number, number)]);

        await ExecuteAsync(held, InsertOperation($"{number}"));
        Cut(await _world.MakeAsync()).Open.ShouldBe([new(number, number)]);
        await transaction.CommitAsync();
        Cut(await _world.MakeAsync()).Covered.ShouldBe([new(number, number)]);
        await _world.HoldsAsync();
    }

    [Fact]
    public async Task A_number_whose_transaction_came_to_nothing_is_given_up()
    {
        await using var held = await _world.Database.OpenAsync(TestRole.Superuser);
        await using (var transaction = await held.BeginTransactionAsync())
        {
            await ExecuteAsync(held, "savepoint before");
            await ExecuteAsync(held, InsertOperation(Next));
            await ExecuteAsync(held, "rollback to before");
            await InsertAsync(Next);
            Cut(await _world.MakeAsync()).Open.ShouldBe([new(_n + 1, _n + 1)], "a transaction that took it in a part it undid could still use it");
            await transaction.RollbackAsync();
        }
        Cut(await _world.MakeAsync()).Open.ShouldBeEmpty();
        await _world.HoldsAsync();

        // Whoever writes a row under such a number later does it behind the checkpoints' back.
        await InsertAsync($"{_n + 1}");
        var found = await _world.RowsAsync();
        found.ShouldHaveSingleItem().Finding.ShouldContain("slipped in");
    }

    [Fact]
    public async Task Under_concurrent_writers_that_commit_in_any_order_every_row_is_covered_once()
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 6).Select(i => Task.Run(() => WriteAsync(i, stop.Token))).ToList();
        var made = new List<SignedCheckpoint>();
        while (made.Count < 25)
            made.Add(await _world.MakeAsync());
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        made.Add(await _world.MakeAsync());
        made.Add(await _world.MakeAsync());

        made.ShouldContain(c => Cut(c).Open.Count > 0, "no number was ever late: this proved nothing");
        var rows = await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.ownership_operations");
        Cut(made[^1]).Total.ShouldBe(rows);
        Cut(made[^1]).Open.ShouldBeEmpty();
        await _world.HoldsAsync();
    }

    private async Task WriteAsync(int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        await using var connection = await _world.Database.OpenAsync(TestRole.Superuser);
        while (!stop.IsCancellationRequested)
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            var number = await ScalarAsync(connection, $"select {Next}");
            for (var i = random.Next(4); i > 0; i--)
                await ScalarAsync(connection, "select count(*) from pg_class");
            await ExecuteAsync(connection, InsertOperation($"{number}"));
            if (random.Next(5) == 0)
                await transaction.RollbackAsync(CancellationToken.None);
            else
                await transaction.CommitAsync(CancellationToken.None);
        }
    }

    // As the owner would write it by hand; what is in it does not matter here.
    private static string InsertOperation(string number) =>
        $"""
        insert into summoners_grid.ownership_operations (sequence, kind, event_count, events_root, key_id, signature, actor_kind, created_at)
        values ({number}, 'mint', 1, sha256('r'), '00000000', sha256('a') || sha256('b'), 'system', now())
        """;

    private static SourceCut Cut(SignedCheckpoint signed) => signed.Said.Sources.Single(s => s.Name == "summoners_grid.ownership_operations");

    private Task<int> InsertAsync(string number) => _world.Database.ExecuteAsync(TestRole.Superuser, InsertOperation(number));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
