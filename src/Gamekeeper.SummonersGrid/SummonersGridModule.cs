using Gamekeeper.Importing;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Leaderboards;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Ownership.Import;
using Gamekeeper.SummonersGrid.Ownership.Compensating;
using Gamekeeper.SummonersGrid.Ownership.Freezing;
using Gamekeeper.SummonersGrid.Ownership.Lineage;
using Gamekeeper.SummonersGrid.Packs;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Players.Import;
using Gamekeeper.SummonersGrid.Seeding;
using Gamekeeper.SummonersGrid.Trading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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
            .DataMigration<UpdateUserStatistics>()
            .Invariant<OwnershipChainHolds>()
            .Invariant<OwnershipOperationsHold>()
            .Invariant<TradesMovedTheirCards>()
            .Invariant<DecksHoldTheirCards>()
            .Invariant<CompensationsMovedTheirCards>()
            .CheckpointSource<OwnershipOperationsSource>()
            .CheckpointSource<OwnershipHistorySource>()
            .Job<ExpireTrades>()
            .Job<CountTemplateUses>()
            .Seed<SeedAlphaSet>()
            .Seed<SeedTestPlayers>()
            .Seed<SeedTestDecks>()
            .AccountProjection<PlayerProjection>()
            .Warmer<WarmPopularTemplates>()
            .Warmer<WarmLeaderboards>()
            .Friends<SummonersGridModule>();
        foreach (var key in SummonersGridCache.Keys)
            module.CacheKey(key);
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
            .AddSingleton<PlayerCaches>()
            .AddSingleton<LeaderboardRepository>()
            .AddSingleton<SearchPlayers>()
            .AddSingleton<DeckFormats>()
            .AddSingleton<DeckRepository>()
            .AddSingleton<DeckSearch>()
            .AddSingleton<CreateDeck>()
            .AddSingleton<ChangeDeck>()
            .AddSingleton<OwnershipLedger>()
            .AddSingleton<OwnershipHistory>()
            .AddSingleton<TransferCard>()
            .AddSingleton<FreezeCards>()
            .AddSingleton<UnfreezeCards>()
            .AddSingleton<TraceLineage>()
            .AddSingleton<FreezeLineage>()
            .AddSingleton<PlanCompensation>()
            .AddSingleton<ApplyCompensation>()
            .AddSingleton<CompensationRepository>()
            .AddSingleton<TradeRepository>()
            .AddSingleton<ProposeTrade>()
            .AddSingleton<AcceptTrade>()
            .AddSingleton<CloseTrade>()
            .AddSingleton<UpdateStats>()
            .AddSingleton<MatchRepository>()
            .AddSingleton<StartMatch>()
            .AddSingleton<FinishMatch>()
            .AddSingleton<AbandonMatch>()
            .AddSingleton<IValidateOptions<RatingOptions>, RatingOptions.Check>()
            .AddOptions<RatingOptions>()
            .Configure<IServiceProvider>((o, s) => s.GetService<IConfiguration>()?.GetSection(RatingOptions.Section).Bind(o))
            .ValidateOnStart();
    }
}
