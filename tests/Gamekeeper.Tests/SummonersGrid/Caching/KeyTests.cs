using Gamekeeper.Caching;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

/// <summary>What is documented of the keys, and that the database knows of each.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task Keys_and_times_are_those_of_the_documents()
    {
        await using var database = await TestDatabase.CreateAsync(new(Migrated: false));

        database.Get<CacheCatalogue>()
            .Keys.Where(k => k.Pattern.StartsWith("sg:", StringComparison.Ordinal) && k.Pattern != "sg:card:catalogue:{which}")
            .Select(k => (k.Pattern, (int)k.TimeToLive.TotalSeconds))
            .ShouldBe(
                [
                    ("sg:user:profile:{userId}", 300),
                    ("sg:user:collection:{userId}", 600),
                    ("sg:card:template:{templateId}", 3600),
                    ("sg:deck:{deckId}", 1800),
                    ("sg:decks:{query}", 60),
                    ("sg:trades:{userId}", 60),
                    ("sg:game:{gameId}", 30),
                    ("sg:stats:{userId}", 900),
                    ("sg:leaderboard:{type}", 300),
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Every_table_that_drops_a_key_has_a_trigger_that_names_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var checkedTables = 0;
        foreach (var module in database.Services.GetServices<ModuleRegistration>())
        {
            foreach (var key in module.DeclaredCacheKeys)
            {
                (key.DroppedBy.Count > 0 || key.IsDroppedByCallers || key.Class == CacheClass.Bounded).ShouldBeTrue($"nothing drops {key.Pattern}, and it promises to be fresh");
                foreach (var table in key.DroppedBy)
                {
                    checkedTables++;
                    var events = await EventsAsync(database, $"{module.Schema}.{table}", key.Pattern[..(key.Pattern.IndexOf('{') + 1)]);
                    events.ShouldContain("UPDATE", $"{module.Schema}.{table} does not drop {key.Pattern}");
                    if (key.MissingFor is not null)
                        events.ShouldContain("INSERT", $"{key.Pattern} keeps that there is none, and an insert into {module.Schema}.{table} does not drop that");
                }
            }
        }
        checkedTables.ShouldBeGreaterThan(12);
    }

    [Theory]
    [InlineData("users", "sg:user:profile:{", "DELETE UPDATE")]
    [InlineData("users", "sg:stats:{", "DELETE UPDATE")]
    [InlineData("card_instances", "sg:user:collection:{", "DELETE INSERT UPDATE")]
    [InlineData("card_instances", "sg:stats:{", "DELETE INSERT UPDATE")]
    [InlineData("trade_proposals", "sg:trades:{", "DELETE INSERT UPDATE")]
    [InlineData("trade_proposals", "sg:stats:{", "DELETE INSERT UPDATE")]
    [InlineData("decks", "sg:deck:{", "DELETE UPDATE")]
    [InlineData("card_templates", "sg:card:template:{", "DELETE UPDATE")]
    [InlineData("game_sessions", "sg:game:{", "DELETE UPDATE")]
    public async Task Whatever_can_change_the_value_drops_it(string table, string prefix, string events)
    {
        await using var database = await TestDatabase.CreateAsync();

        (await EventsAsync(database, $"summoners_grid.{table}", prefix)).ShouldBe(events.Split(' '));
    }

    private static Task<IReadOnlyList<string>> EventsAsync(TestDatabase database, string table, string prefix) =>
        database.ListAsync<string>(
            TestRole.Superuser,
            $"""
            select distinct e.event_manipulation::text
            from information_schema.triggers e
            join pg_trigger t on t.tgname = e.trigger_name and t.tgrelid = '{table}'::regclass
            join pg_proc f on f.oid = t.tgfoid
            where format('%I.%I', e.event_object_schema, e.event_object_table) = '{table}'
              and t.tgenabled = 'O' and strpos(f.prosrc, '{prefix}') > 0
            order by 1
            """
        );
}
