namespace Gamekeeper.Tests.Rules;

public sealed class ImportTests
{
    [Fact]
    public void Every_part_leans_only_on_what_the_table_allows() =>
        Sources.Code.SelectMany(f => ImportRule.Breaches(f, ImportTable.Rows)).ShouldBeEmpty();

    [Fact]
    public void Projects_reference_only_what_the_table_allows()
    {
        foreach (var assembly in Sources.ProductAssemblies)
        {
            var name = assembly.GetName().Name!;
            var references = assembly.GetReferencedAssemblies().Select(r => r.Name!).ToList();

            references.Where(r => r.StartsWith("Gamekeeper", StringComparison.Ordinal)).ShouldBeSubsetOf(ImportTable.Projects[name], $"references of {name}");
            foreach (var never in ImportTable.NeverReferenced.GetValueOrDefault(name, []))
                references.ShouldNotContain(r => r == never || r.StartsWith(never + ".", StringComparison.Ordinal), $"references of {name}");
        }
    }

    /// <summary>The rule is believed because it finds what is planted.</summary>
    [Theory]
    [InlineData("src/Gamekeeper/Paging/Planted.cs", "using Gamekeeper.Transactions;", true)]
    [InlineData("src/Gamekeeper/Paging/Planted.cs", "using Microsoft.EntityFrameworkCore;", true)]
    [InlineData("src/Gamekeeper/Paging/Planted.cs", "using Db = Gamekeeper.Transactions.GameDatabase;", true)]
    [InlineData("src/Gamekeeper/Paging/Planted.cs", "class X { object y = Gamekeeper.Transactions.Actor.System(null); }", true)]
    [InlineData("src/Gamekeeper/Paging/Planted.cs", "using static Npgsql.NpgsqlConnection;", true)]
    [InlineData("src/Gamekeeper/Paging/Planted.cs", "using System.Text;", false)]
    [InlineData("src/Gamekeeper/Batching/Planted.cs", "using Gamekeeper.Paging;", true)]
    [InlineData("src/Gamekeeper/Batching/Planted.cs", "global using Gamekeeper.Transactions;", false)]
    [InlineData("src/Gamekeeper/Redis/Planted.cs", "using Gamekeeper.Transactions;", true)]
    [InlineData("src/Gamekeeper/Redis/Planted.cs", "using Npgsql;", true)]
    [InlineData("src/Gamekeeper/Transactions/Planted.cs", "using Gamekeeper.Auditing;", true)]
    [InlineData("src/Gamekeeper/Transactions/Planted.cs", "using NpgsqlTypes;", false)]
    [InlineData("src/Gamekeeper/Telemetry/Prometheus/Planted.cs", "using Npgsql;", true)]
    [InlineData("src/Gamekeeper/Managers/Planted.cs", "using System;", true)]
    [InlineData("src/Gamekeeper.SummonersGrid/Trading/Planted.cs", "using Microsoft.AspNetCore.Http;", true)]
    [InlineData("src/Gamekeeper.SummonersGrid/Trading/Planted.cs", "using Gamekeeper.Server;", true)]
    [InlineData("src/Gamekeeper.SummonersGrid/Trading/Planted.cs", "using Gamekeeper.TowerDefense;", true)]
    [InlineData("src/Gamekeeper.SummonersGrid/Trading/Planted.cs", "using Gamekeeper.Transactions;", false)]
    [InlineData("src/Gamekeeper.EmbeddedPostgres/Planted.cs", "using Gamekeeper.Transactions;", true)]
    [InlineData("src/Gamekeeper.EmbeddedPostgres/Planted.cs", "using Npgsql;", true)]
    [InlineData("src/Gamekeeper.Cli/Planted.cs", "using Gamekeeper.Server.Endpoints;", true)]
    [InlineData("src/Gamekeeper.Cli/Planted.cs", "using Spectre.Console;", false)]
    public void A_planted_import_is_found(string path, string text, bool isBreach) =>
        ImportRule.Breaches(new SourceFile(path, $"{text}\nnamespace Gamekeeper.Planted;\n"), ImportTable.Rows).Any().ShouldBe(isBreach);
}
