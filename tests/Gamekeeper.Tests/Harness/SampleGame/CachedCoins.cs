using Gamekeeper.Caching;
using Gamekeeper.Caching.Values;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.Harness.SampleGame;

/// <summary>A purse as it is cached.</summary>
public sealed record CachedCoin(Guid Id, long Amount)
{
    public static readonly CacheKey<Guid, CachedCoin> Key = new("sample:coin:{coinId}", new Codec())
    {
        TimeToLive = TimeSpan.FromMinutes(5),
        StaleFor = TimeSpan.FromMinutes(10),
        DroppedBy = ["coins"],
    };

    /// <summary>The same value, bounded by time alone.</summary>
    public static readonly CacheKey<Guid, CachedCoin> BoundedKey = new("sample:coin-of-the-day:{coinId}", new Codec())
    {
        TimeToLive = TimeSpan.FromMinutes(1),
        Class = CacheClass.Bounded,
    };

    /// <summary>The same value, dropped by callers, and void with its tag.</summary>
    public static readonly CacheKey<Guid, CachedCoin> TaggedKey = new("sample:tagged-coin:{coinId}", new Codec())
    {
        TimeToLive = TimeSpan.FromMinutes(5),
        IsDroppedByCallers = true,
        Tags = static id => ["coins", $"coin-{id}"],
    };

    /// <summary>The same value, of which it is kept, too, that there is none.</summary>
    public static readonly CacheKey<Guid, CachedCoin> ProbedKey = new("sample:probed-coin:{coinId}", new Codec())
    {
        TimeToLive = TimeSpan.FromMinutes(5),
        MissingFor = TimeSpan.FromSeconds(30),
        DroppedBy = ["coins"],
    };

    private sealed class Codec : CacheCodec<CachedCoin>
    {
        public override byte Version => 1;

        public override void Write(CacheWriter writer, CachedCoin value)
        {
            writer.Write(value.Id);
            writer.Write(value.Amount);
        }

        public override CachedCoin Read(ref CacheReader reader) => new(reader.ReadGuid(), reader.ReadLong());
    }
}

internal sealed record FindCoin(Guid Id) : IQuery<FindCoin, CachedCoin>
{
    public static string Sql => "select id, amount from sample_game.coins where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id);

    public static CachedCoin Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt64(1));
}

internal sealed record InsertCoin(Guid Id, long Amount) : IStatement<InsertCoin>
{
    public static string Sql => "insert into sample_game.coins (id, owner_id, amount) values ($1, $1, $2)";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Amount);
}

internal sealed record SetCoin(Guid Id, long Amount) : IStatement<SetCoin>
{
    public static string Sql => "update sample_game.coins set amount = $2 where id = $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Id).Add(Amount);
}
