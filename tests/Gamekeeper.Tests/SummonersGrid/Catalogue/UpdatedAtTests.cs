using Gamekeeper.Friends;
using Gamekeeper.SummonersGrid;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>Whoever changes a row, by whatever path, moves its time of change.</summary>
public sealed class UpdatedAtTests(CatalogueDatabase shared) : IClassFixture<CatalogueDatabase>
{
    public static TheoryData<string> Tables =>
        [
            "core.accounts",
            "core.imports",
            "summoners_grid.card_templates",
            "summoners_grid.decks",
            "summoners_grid.friendships",
            "summoners_grid.imports",
            "summoners_grid.users",
        ];

    [Fact]
    public async Task These_are_all_the_tables_that_have_the_column()
    {
        (await shared.Database.ListAsync<string>(
            TestRole.Superuser,
            """
            select table_schema || '.' || table_name
            from information_schema.columns
            where column_name = 'updated_at' and table_schema in ('core', 'summoners_grid')
            order by 1
            """
        )).ShouldBe(Tables.Select(t => t.Data));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Raw_sql_that_does_not_name_it_moves_it_forward(string table)
    {
        var player = await shared.World.NewPlayerAsync();
        await Drafts.CreateAsync(shared.World, player, Drafts.Empty());
        await shared.World.Get<Friends<SummonersGridModule>>().RequestAsync(player, (await shared.World.NewPlayerAsync()).Key);
        foreach (var schema in new[] { "core", "summoners_grid" })
            await shared.Database.ExecuteAsync(
                TestRole.Superuser,
                $"insert into {schema}.imports (kind, name, file_hash, chunk_lines) values ('test', 'updated', sha256('file'), 1) on conflict do nothing"
            );
        var before = await NewestAsync(table);

        (await shared.Database.ExecuteAsync(TestRole.Superuser, $"update {table} set {Born(table)} = {Born(table)}")).ShouldBeGreaterThan(0);

        (await shared.Database.ScalarAsync<DateTime>(TestRole.Superuser, $"select min(updated_at) from {table}")).ShouldBeGreaterThan(before);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task It_cannot_be_set_back(string table)
    {
        await shared.World.NewPlayerAsync();
        await shared.Database.ExecuteAsync(TestRole.Superuser, $"update {table} set updated_at = '2000-01-01'");

        (await shared.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from {table} where updated_at < {Born(table)}")).ShouldBe(0);
    }

    [Theory]
    [InlineData("summoners_grid.users", "update_users_updated_at")]
    [InlineData("summoners_grid.decks", "update_decks_updated_at")]
    [InlineData("summoners_grid.friendships", "update_friendships_updated_at")]
    [InlineData("summoners_grid.card_templates", "update_card_templates_updated_at")]
    [InlineData("core.accounts", "update_accounts_updated_at")]
    [InlineData("core.imports", "update_imports_updated_at")]
    [InlineData("summoners_grid.imports", "update_imports_updated_at")]
    public async Task One_function_does_it_under_the_documented_trigger_names(string table, string trigger)
    {
        (await shared.Database.ScalarAsync<string>(
            TestRole.Superuser,
            $"select tgfoid::regproc::text from pg_trigger where tgrelid = '{table}'::regclass and tgname = '{trigger}' and tgenabled = 'O'"
        )).ShouldBe("core.update_updated_at");
    }

    // An import is started; everything else is created.
    private static string Born(string table) => table.EndsWith(".imports", StringComparison.Ordinal) ? "started_at" : "created_at";

    private Task<DateTime> NewestAsync(string table) =>
        shared.Database.ScalarAsync<DateTime>(TestRole.Superuser, $"select max(updated_at) from {table}");
}
