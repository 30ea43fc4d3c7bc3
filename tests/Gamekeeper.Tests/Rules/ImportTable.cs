namespace Gamekeeper.Tests.Rules;

/// <summary>
/// Which part may lean on which. A part is a folder below src/; the longest row that fits a file decides. <c>Ours</c> lists parts of
/// our own beside the part itself and the front door in src/Gamekeeper (modules, exceptions); <c>Others</c> lists packages and frameworks
/// beside System. "*" is any. A folder without a row fails the rule: a new concept says here what it leans on.
/// </summary>
internal static class ImportTable
{
    private const string Configuration = "Microsoft.Extensions";

    public static readonly IReadOnlyList<ImportRow> Rows =
    [
        // The core. Its root is the front door and knows every concept; concepts know as few others as they can.
        new("src/Gamekeeper", Ours: ["*"], Others: [Configuration]),
        // Jobs and data migrations stand beside their concept and implement the contracts of Scheduling and Migrations.
        new("src/Gamekeeper/Accounts", Ours: ["Transactions", "Batching", "Paging", "Auditing", "Caching", "Privacy", "Idempotency", "Importing", "Integrity", "Migrations", "Outbox", "Scheduling", "Telemetry"], Others: ["Npgsql", Configuration, "Microsoft.AspNetCore.Identity"]),
        new("src/Gamekeeper/Auditing", Ours: ["Transactions", "Paging", "Scheduling", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Batching", Ours: ["Transactions", "Telemetry"], Others: ["Npgsql", Configuration]),
        // PostgreSQL decides which cached values count, so it asks it; Redis carries them.
        // It keeps for Batching what waits in Redis.
        new("src/Gamekeeper/Caching", Ours: ["Transactions", "Batching", "Redis", "Scheduling", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Friends", Ours: ["Transactions", "Paging", "Auditing", "Outbox", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Health", Ours: ["Transactions", "Migrations", "Scheduling", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Idempotency", Ours: ["Transactions", "Telemetry"], Others: ["Npgsql"]),
        new("src/Gamekeeper/Importing", Ours: ["Transactions", "Telemetry"], Others: ["Npgsql"]),
        new("src/Gamekeeper/Integrity", Ours: ["Transactions", "Auditing", "Privacy", "Telemetry"], Others: ["Npgsql", Configuration]),
        // Checkpoints read the audit, keep objects, and are made by a job.
        new("src/Gamekeeper/Integrity/Checkpoints", Ours: ["Transactions", "Auditing", "Integrity", "Paging", "Scheduling", "Storage", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Migrations", Ours: ["Transactions", "Privacy", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Outbox", Ours: ["Transactions", "Scheduling", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Paging", Ours: [], Others: []),
        new("src/Gamekeeper/Privacy", Ours: ["Transactions", "Telemetry"], Others: ["Npgsql", Configuration]),
        // The protocol and its connections; whoever needs Redis goes through Caching.
        new("src/Gamekeeper/Redis", Ours: ["Telemetry"], Others: [Configuration]),
        new("src/Gamekeeper/Scheduling", Ours: ["Transactions", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Seeding", Ours: ["Transactions", "Telemetry"], Others: ["Npgsql", Configuration]),
        new("src/Gamekeeper/Storage", Ours: [], Others: [Configuration]),
        // It observes round trips of the driver; what prints metrics needs nobody.
        new("src/Gamekeeper/Telemetry", Ours: [], Others: ["Npgsql", "Microsoft.Extensions.Logging"]),
        new("src/Gamekeeper/Telemetry/Prometheus", Ours: ["Telemetry"], Others: []),
        new("src/Gamekeeper/Transactions", Ours: ["Telemetry"], Others: ["Npgsql", "Microsoft.EntityFrameworkCore", Configuration]),

        // A game leans on the core and on no other game; it never sees the web, a cache server or operations.
        new("src/Gamekeeper.SummonersGrid", Ours: ["*"], Others: ["Npgsql", "Microsoft.EntityFrameworkCore", Configuration]),

        // It looks after the core and whatever games there are; which ones it never knows.
        new("src/Gamekeeper.Operations", Ours: ["*"], Others: ["Npgsql", Configuration]),

        // Usable alone.
        new("src/Gamekeeper.EmbeddedPostgres", Ours: [], Others: []),

        new("src/Gamekeeper.Simulation", Ours: ["*"], Others: ["*"]),
        new("src/Gamekeeper.Server", Ours: ["*"], Others: ["*"]),
        new("src/Gamekeeper.Cli", Ours: ["*"], Others: ["*"]),
    ];

    /// <summary>Which project may reference which, by assembly; names are without the common "Gamekeeper." where there is one.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Projects = new Dictionary<string, string[]>
    {
        ["Gamekeeper"] = [],
        ["Gamekeeper.EmbeddedPostgres"] = [],
        ["Gamekeeper.SummonersGrid"] = ["Gamekeeper"],
        ["Gamekeeper.Operations"] = ["Gamekeeper", "Gamekeeper.EmbeddedPostgres"],
        ["Gamekeeper.Simulation"] = ["Gamekeeper", "Gamekeeper.SummonersGrid", "Gamekeeper.EmbeddedPostgres"],
        ["Gamekeeper.Server"] = ["Gamekeeper", "Gamekeeper.SummonersGrid", "Gamekeeper.EmbeddedPostgres", "Gamekeeper.Operations"],
        ["Gamekeeper.Cli"] = ["Gamekeeper", "Gamekeeper.SummonersGrid", "Gamekeeper.EmbeddedPostgres", "Gamekeeper.Operations", "Gamekeeper.Simulation"],
    };

    /// <summary>Assemblies whose names begin so may not be referenced at all.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> NeverReferenced = new Dictionary<string, string[]>
    {
        ["Gamekeeper.SummonersGrid"] = ["Microsoft.AspNetCore", "StackExchange", "Gamekeeper.Operations", "Gamekeeper.Redis"],
        ["Gamekeeper.Operations"] = ["Microsoft.AspNetCore", "StackExchange", "Spectre", "System.CommandLine"],
        ["Gamekeeper.EmbeddedPostgres"] = ["Npgsql", "Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore", "Microsoft.Extensions"],
        ["Gamekeeper"] = ["StackExchange", "Spectre", "System.CommandLine", "xunit"],
        ["Gamekeeper.Cli"] = ["Gamekeeper.Server"],
    };

    /// <summary>Projects that hold no SQL in any form: they call verbs.</summary>
    public static readonly IReadOnlyList<string> WithoutSql = ["src/Gamekeeper.Server/", "src/Gamekeeper.Cli/"];

    /// <summary>Files of those projects that may hold SQL all the same, each with its reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> SqlAllThere = new Dictionary<string, string>();
}

/// <summary>One line of the table.</summary>
/// <param name="Folder">The part.</param>
/// <param name="Ours">Folders of src/Gamekeeper that it may import.</param>
/// <param name="Others">Beginnings of foreign namespaces that it may import.</param>
internal sealed record ImportRow(string Folder, string[] Ours, string[] Others);
