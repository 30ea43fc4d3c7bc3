using Gamekeeper.Caching.Values;
using Gamekeeper.Paging;

namespace Gamekeeper.SummonersGrid.Trading;

/// <summary>A player's newest open trades on either side, newest first: enough for a first page of any size.</summary>
internal sealed record OpenTrades(IReadOnlyList<Trade> Newest)
{
    public const int Most = PageSize.Max + 1;
}

internal sealed class OpenTradesCodec : CacheCodec<OpenTrades>
{
    private const int LeastBytes = (3 * 16) + 1 + 1 + 1 + 1 + 8 + 1 + 1 + 1 + 8;

    public override byte Version => 1;

    public override void Write(CacheWriter writer, OpenTrades value) => writer.Write(value.Newest, WriteTrade);

    public override OpenTrades Read(ref CacheReader reader)
    {
        var trades = new Trade[reader.ReadCount(LeastBytes)];
        for (var i = 0; i < trades.Length; i++)
            trades[i] = ReadTrade(ref reader);
        return new OpenTrades(trades);
    }

    private static void WriteTrade(CacheWriter writer, Trade trade)
    {
        writer.Write(trade.Id);
        writer.Write(trade.ProposerId);
        writer.Write(trade.TargetId);
        writer.Write(trade.OfferedCards, static (to, card) => to.Write(card));
        writer.Write(trade.RequestedCards, static (to, card) => to.Write(card));
        writer.Write((byte)trade.Status);
        writer.Write(trade.Message);
        writer.Write(trade.ExpiresAt);
        writer.Write(trade.CompletedAt);
        writer.Write(trade.CancellationReason);
        writer.Write(trade.OperationId);
        writer.Write(trade.CreatedAt);
    }

    private static Trade ReadTrade(ref CacheReader reader) =>
        new()
        {
            Id = reader.ReadGuid(),
            ProposerId = reader.ReadGuid(),
            TargetId = reader.ReadGuid(),
            OfferedCards = Cards(ref reader),
            RequestedCards = Cards(ref reader),
            Status = (TradeStatus)reader.ReadByte(),
            Message = reader.ReadNullableText(),
            ExpiresAt = reader.ReadInstant(),
            CompletedAt = reader.ReadNullableInstant(),
            CancellationReason = reader.ReadNullableText(),
            OperationId = reader.ReadNullableGuid(),
            CreatedAt = reader.ReadInstant(),
        };

    private static Guid[] Cards(ref CacheReader reader)
    {
        var cards = new Guid[reader.ReadCount(leastBytes: 16)];
        for (var i = 0; i < cards.Length; i++)
            cards[i] = reader.ReadGuid();
        return cards;
    }
}
