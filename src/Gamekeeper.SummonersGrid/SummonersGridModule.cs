using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Ownership.Import;
using Gamekeeper.SummonersGrid.Packs;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Players.Import;
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
            .Job<ExpireTrades>()
            .Seed<SeedAlphaSet>()
            .Seed<SeedTestPlayers>()
            .Seed<SeedTestDecks>()
            .AccountProjection<PlayerProjection>();
        module
            .Services.AddSingleton<CardCatalogue>()
            .AddSingleton<CardTemplateRepository>()
            .AddSingleton<ImportTemplates>()
            .AddSingleton<ImportBook<SummonersGridModule>>()
            .AddSingleton<ImportPlayers>()
            .AddSingleton<CardOwners>()
            .AddSingleton<ImportCards>()
            .AddSingleton<CardRepository>()
            .AddSingleton<MintCards>()
            .AddSingleton<PackCatalogue>()
            .AddSingleton<OpenPack>()
            .AddSingleton<PlayerRepository>()
            .AddSingleton<DeckRepository>()
            .AddSingleton<OwnershipLedger>()
            .AddSingleton<OwnershipHistory>()
            .AddSingleton<TransferCard>()
            .AddSingleton<TradeRepository>()
            .AddSingleton<ProposeTrade>()
            .AddSingleton<AcceptTrade>()
            .AddSingleton<CloseTrade>();
    }
}
