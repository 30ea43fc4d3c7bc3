using Gamekeeper.Batching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.Tests.Batching;

/// <summary>A table to write many small rows into, and a group commit that does it.</summary>
internal sealed class Marks(TestDatabase db)
{
    public static async Task<Marks> CreateAsync(TestDatabase db)
    {
        await db.ExecuteAsync(
            TestRole.Owner,
            """
            create table core.marks (
              id uuid not null,
              line int not null,
              place int not null,
              written bigint generated always as identity,
              constraint marks_pkey primary key (id),
              constraint marks_place_not_negative check (place >= 0)
            );
            grant select, insert on core.marks to gamekeeper_app;
            """
        );
        return new Marks(db);
    }

    public GroupCommit<Mark, Guid> Group(GroupCommitOptions? options = null, GroupWrite<Mark, Guid>? write = null) =>
        new(
            db.Database,
            db.Clock,
            () => Actor.System(db.Clock),
            write ?? ((unit, rows, _) => Task.FromResult(unit.Enqueue(new InsertMarks(rows)))),
            mark => mark.Id,
            options ?? new GroupCommitOptions { Name = "marks" },
            orderOf: mark => mark.Line
        );

    public Mark New(int line, int place) => new(Guid.CreateVersion7(db.Clock.GetUtcNow()), line, place);

    public async Task<HashSet<Guid>> StoredAsync() => [.. await db.ListAsync<Guid>(TestRole.App, "select id from core.marks")];

    public Task<long> CountAsync() => db.ScalarAsync<long>(TestRole.App, "select count(*) from core.marks");

    /// <summary>Transactions that left a row: every row carries the id of the one that wrote it.</summary>
    public Task<long> CommitsAsync() => db.ScalarAsync<long>(TestRole.App, "select count(distinct xmin::text) from core.marks");

    /// <summary>Places in the order of writing within each line that are not in the order of arrival.</summary>
    public Task<long> OutOfOrderAsync() =>
        db.ScalarAsync<long>(
            TestRole.App,
            "select count(*) from (select place, lag(place) over (partition by line order by written) as before from core.marks) m where place < before"
        );
}

internal sealed record Mark(Guid Id, int Line, int Place);

internal sealed record InsertMarks(IReadOnlyList<Mark> Marks) : IQuery<InsertMarks, Guid>
{
    public static string Sql =>
        """
        insert into core.marks (id, line, place)
        select id, line, place
        from unnest($1::uuid[], $2::int[], $3::int[]) with ordinality as m (id, line, place, ordinal)
        order by ordinal
        on conflict (id) do nothing
        returning id
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Marks.Select(m => m.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .Add(Marks.Select(m => m.Line).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .Add(Marks.Select(m => m.Place).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>The same, saying of every row that stands that it stands: safe to repeat.</summary>
internal sealed record KeepMarks(IReadOnlyList<Mark> Marks) : IQuery<KeepMarks, Guid>
{
    public static string Sql =>
        """
        with kept as (
          insert into core.marks (id, line, place)
          select * from unnest($1::uuid[], $2::int[], $3::int[])
          on conflict (id) do nothing
          returning id
        )
        select id from kept
        union all
        select m.id from core.marks m where m.id = any($1)
        """;

    public void Bind(StatementParameters parameters) => new InsertMarks(Marks).Bind(parameters);

    public static Guid Read(NpgsqlDataReader row) => row.GetGuid(0);
}

/// <summary>Holds up whoever writes marks, until the holder lets go: to let rows gather behind a batch that is on its way.</summary>
internal sealed class HeldTable : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly TestDatabase _db;

    private HeldTable(NpgsqlConnection connection, TestDatabase db) => (_connection, _db) = (connection, db);

    public static async Task<HeldTable> TakeAsync(TestDatabase db)
    {
        var connection = await db.OpenAsync(TestRole.Owner);
        await using var command = new NpgsqlCommand("begin; lock table core.marks in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return new(connection, db);
    }

    /// <summary>Returns once a writer stands before the lock, with the process id of its backend.</summary>
    public async Task<int> SomebodyWaitsAsync()
    {
        while (true)
        {
            var waiting = await _db.ScalarAsync<int?>(
                TestRole.Superuser,
                "select pid from pg_locks where not granted and relation = 'core.marks'::regclass limit 1"
            );
            if (waiting is { } pid)
                return pid;
            await Task.Yield();
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
