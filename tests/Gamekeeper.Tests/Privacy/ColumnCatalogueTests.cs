using Gamekeeper.Privacy;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Privacy;

public sealed class ColumnCatalogueTests
{
    [Fact]
    public async Task Every_column_of_every_schema_has_a_class_and_audit_hides_what_it_must()
    {
        await using var db = await TestDatabase.CreateAsync();

        var catalogue = await ReadAsync(db);

        catalogue.Gaps().ShouldBeEmpty();
        foreach (var schema in db.Get<ModuleCatalogue>().Schemas)
            catalogue.Tables.ShouldContain(t => t.Schema == schema && t.Table == "audit_log");
        catalogue.Tables.ShouldNotContain(t => t.Table.StartsWith("audit_log_"), "partitions are their parent's");
    }

    [Fact]
    public async Task An_unclassified_column_or_table_is_named()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.Owner, "alter table sample_game.coins add column colour text");
        await db.ExecuteAsync(TestRole.Owner, "comment on column sample_game.coins.amount is 'how much'");
        await db.ExecuteAsync(TestRole.Owner, "create table sample_game.bare (id int)");

        (await ReadAsync(db)).Gaps().Select(g => g.Where)
            .ShouldBe(["sample_game.bare", "sample_game.bare.id", "sample_game.coins.amount", "sample_game.coins.colour"]);
    }

    [Fact]
    public async Task A_personal_column_that_audit_does_not_hide_is_named()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(TestRole.Owner, "comment on column sample_game.coins.grade is 'personal: now it is'");

        var gaps = (await ReadAsync(db)).Gaps();

        gaps.Select(g => g.Where).Distinct().ShouldBe(["sample_game.coins"]);
        gaps.Count.ShouldBe(3);
        gaps[0].Finding.ShouldContain("hides [note], personal and secret are [grade, note]");
    }

    [Theory]
    [InlineData("distributed(id): x", "id", "id")]
    [InlineData("distributed(coin_id, coin): x", "coin_id", "coin")]
    public void A_distributed_table_names_its_key_and_group(string comment, string key, string group) =>
        TableDescription.Parse(comment).ShouldBe(new TableDescription.Distributed(key, group, "x"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("purses")]
    [InlineData("distributed: x")]
    [InlineData("local:")]
    public void A_comment_of_another_form_describes_no_table(string? comment) => TableDescription.Parse(comment).ShouldBeNull();

    private static async Task<ColumnCatalogue> ReadAsync(TestDatabase db)
    {
        await using var connection = await db.OpenAsync(TestRole.Readonly);
        return await ColumnCatalogue.ReadAsync(connection, db.Get<ModuleCatalogue>().Schemas);
    }
}
