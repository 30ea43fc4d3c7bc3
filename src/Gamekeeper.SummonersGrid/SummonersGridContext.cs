using Gamekeeper.SummonersGrid.Decks;
using Microsoft.EntityFrameworkCore;

namespace Gamekeeper.SummonersGrid;

/// <summary>
/// This schema as an EF Core model: for decks, and for a studio's own queries. The schema is made by the numbered SQL files; a test
/// compares the two. Cards and trades are written through their verbs only: nothing else chains and signs.
/// </summary>
public sealed class SummonersGridContext(DbContextOptions<SummonersGridContext> options) : DbContext(options)
{
    /// <summary>Decks, as row security lets the actor see them.</summary>
    public DbSet<Deck> Decks => Set<Deck>();

    /// <summary>Players; for reading.</summary>
    public DbSet<PlayerRow> Players => Set<PlayerRow>();

    /// <summary>Card templates; for reading.</summary>
    public DbSet<CardTemplateRow> CardTemplates => Set<CardTemplateRow>();

    /// <summary>Owned cards; for reading.</summary>
    public DbSet<CardInstanceRow> Cards => Set<CardInstanceRow>();

    /// <summary>Ownership events; for reading.</summary>
    public DbSet<OwnershipHistoryRow> OwnershipHistory => Set<OwnershipHistoryRow>();

    /// <summary>Trades; for reading.</summary>
    public DbSet<TradeProposalRow> Trades => Set<TradeProposalRow>();

    /// <summary>Pairs of players, as row security lets the actor see them; for reading.</summary>
    public DbSet<FriendshipRow> Friendships => Set<FriendshipRow>();
    /// <summary>Matches; for reading.</summary>
    public DbSet<GameSessionRow> Matches => Set<GameSessionRow>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder) => SummonersGridModel.Build(modelBuilder);
}
