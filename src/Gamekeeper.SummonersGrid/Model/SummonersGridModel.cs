using Gamekeeper.SummonersGrid.Decks;
using Microsoft.EntityFrameworkCore;

namespace Gamekeeper.SummonersGrid;

/// <summary>All configuration of <see cref="SummonersGridContext"/>: names are the columns' in snake case, keys and lengths as migrated.</summary>
internal static class SummonersGridModel
{
    public static void Build(ModelBuilder model)
    {
        model.HasDefaultSchema(SummonersGridModule.Schema);
        model.Entity<PlayerRow>(player =>
        {
            player.ToTable("users");
            player.Property(p => p.Username).HasMaxLength(50);
            player.Property(p => p.DisplayName).HasMaxLength(100);
        });
        model.Entity<CardTemplateRow>(template =>
        {
            template.ToTable("card_templates");
            template.Property(t => t.Id).HasMaxLength(50);
            template.Property(t => t.Name).HasMaxLength(100);
            template.Property(t => t.Type).HasMaxLength(50);
            template.Property(t => t.Rarity).HasMaxLength(20);
            foreach (var document in new[] { "Cost", "Requirements", "Effects", "Attributes", "Stats" })
                template.Property(document).HasColumnType("jsonb");
        });
        model.Entity<CardInstanceRow>(card =>
        {
            card.ToTable("card_instances");
            card.Property(c => c.TemplateId).HasMaxLength(50);
            card.Property(c => c.Signature).HasMaxLength(512);
            card.Property(c => c.AcquiredMethod).HasMaxLength(50);
            card.Property(c => c.FrozenReason).HasMaxLength(50);
            card.Property(c => c.UniqueStats).HasColumnType("jsonb");
            card.Property(c => c.AcquisitionData).HasColumnType("jsonb");
            card.HasOne(c => c.Template).WithMany().HasForeignKey(c => c.TemplateId);
            card.HasOne(c => c.Owner).WithMany().HasForeignKey(c => c.OwnerId);
        });
        model.Entity<OwnershipHistoryRow>(e =>
        {
            e.ToTable("ownership_history");
            e.Property(h => h.TransferMethod).HasMaxLength(50);
            e.Property(h => h.TransferData).HasColumnType("jsonb");
            e.Property(h => h.Signature).HasMaxLength(512);
        });
        model.Entity<TradeProposalRow>(trade =>
        {
            trade.ToTable("trade_proposals");
            trade.Property(t => t.Status).HasMaxLength(20);
            trade.Property(t => t.CancellationReason).HasMaxLength(100);
        });
        model.Entity<FriendshipRow>(friendship =>
        {
            friendship.ToTable("friendships");
            friendship.Property(f => f.Status).HasMaxLength(20);
        });
        model.Entity<GameSessionRow>(match =>
        {
            match.ToTable("game_sessions");
            match.Property(m => m.GameId).HasMaxLength(100);
            match.Property(m => m.GameMode).HasMaxLength(50);
            match.Property(m => m.Format).HasMaxLength(50);
            match.Property(m => m.Status).HasMaxLength(20);
            match.Property(m => m.RatingChanges).HasColumnType("jsonb");
            match.Property(m => m.GameData).HasColumnType("jsonb");
        });
        model.Entity<Deck>(deck =>
        {
            deck.ToTable("decks");
            deck.Property(d => d.Name).HasMaxLength(100);
            deck.Property(d => d.Format).HasMaxLength(50);
            deck.Property(d => d.SummonSlots).HasColumnType("jsonb");
            deck.Property(d => d.ValidationErrors).HasColumnType("jsonb");
            // The database's clock and its triggers write these.
            deck.Property(d => d.Version).ValueGeneratedOnAddOrUpdate();
            deck.Property(d => d.CreatedAt).ValueGeneratedOnAdd();
            deck.Property(d => d.UpdatedAt).ValueGeneratedOnAddOrUpdate();
        });
        foreach (var property in model.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
