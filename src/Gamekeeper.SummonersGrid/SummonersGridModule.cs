using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Packs;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.SummonersGrid.Trading;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.SummonersGrid;

/// <summary>Summoner's Grid: cards, packs, collections, trades and provable ownership.</summary>
public sealed class SummonersGridModule : IGameModule
{
    private SummonersGridModule() { }

    /// <inheritdoc />
    public static string Schema => "summoners_grid";

    /// <inheritdoc />
    public static void Register(ModuleRegistration module)
    {
        module
            .Migrations(typeof(SummonersGridModule).Assembly, "Gamekeeper.SummonersGrid.Migrations")
            .DataMigration<AttestLegacySignatures>()
            .Invariant<OwnershipChainHolds>()
            .Invariant<OwnershipOperationsHold>()
            .Invariant<TradesMovedTheirCards>()
            .Invariant<DecksHoldTheirCards>()
            .Job<ExpireTrades>()
            .Seed<SeedAlphaSet>()
            .Seed<SeedTestPlayers>()
            .Seed<SeedTestDecks>()
            .AccountProjection<PlayerProjection>()
            .Friends<SummonersGridModule>();
        module
            .Services.AddSingleton<CardCatalogue>()
            .AddSingleton<CardTemplateRepository>()
            .AddSingleton<ImportTemplates>()
            .AddSingleton<CardRepository>()
            .AddSingleton<MintCards>()
            .AddSingleton<PackCatalogue>()
            .AddSingleton<OpenPack>()
            .AddSingleton<PlayerRepository>()
            .AddSingleton<DeckFormats>()
            .AddSingleton<DeckRepository>()
            .AddSingleton<DeckSearch>()
            .AddSingleton<CreateDeck>()
            .AddSingleton<ChangeDeck>()
            .AddSingleton<OwnershipLedger>()
            .AddSingleton<OwnershipHistory>()
            .AddSingleton<TransferCard>()
            .AddSingleton<TradeRepository>()
            .AddSingleton<ProposeTrade>()
            .AddSingleton<AcceptTrade>()
            .AddSingleton<CloseTrade>();
    }
}
