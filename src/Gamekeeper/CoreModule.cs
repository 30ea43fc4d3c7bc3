using Gamekeeper.Accounts;
using Gamekeeper.Auditing;
using Gamekeeper.Caching.Hybrid;
using Gamekeeper.Caching.Tags;
using Gamekeeper.Caching.Warming;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Outbox;
using Gamekeeper.Scheduling;

namespace Gamekeeper;

/// <summary>The core registers itself as games do; every concept adds its own lines here.</summary>
internal static class CoreModule
{
    public static void Register(ModuleRegistration core)
    {
        core.Migrations(typeof(CoreModule).Assembly, "Gamekeeper.Schema");

        core.CacheKey(FoundSession.Cached);
        core.CacheKey(HybridValue.Key);
        core.CacheKey(TagToken.Key);
        core.DataMigration<CleanupExpiredSessions>();
        core.Job<LoginSessionPurge>();
        core.Job<RelayAccountChanges>();
        core.Job<MakePartitions>();
        core.Job<PurgeOutbox>();
        core.Job<PurgeJobRuns>();
        core.Job<WarmCaches>();

        core.CheckpointSource<AuditLogSource<CoreSchema>>();
        core.Invariant<CheckpointChainHolds>();
        core.Invariant<CheckpointRowsHold>();
        core.Job<MakeCheckpoints>();
        core.Job<CheckCheckpoints>();
    }
}
