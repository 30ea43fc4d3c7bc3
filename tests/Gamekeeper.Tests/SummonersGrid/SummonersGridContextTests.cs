using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.SummonersGrid.Decks;
using Gamekeeper.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gamekeeper.Tests.SummonersGrid;

public sealed class SummonersGridContextTests : IAsyncLifetime
{
    private GridWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await GridWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_model_equals_the_migrated_schema()
    {
        await using var context = NewContext();
        var modelled = context
            .Model.GetEntityTypes()
            .SelectMany(e => e.GetProperties().Select(p => Describe(e, p)))
            .Order(StringComparer.Ordinal)
            .ToList();
        var tables = string.Join(',', context.Model.GetEntityTypes().Select(e => $"'{e.GetTableName()}'"));
        var migrated = await _world.Database.ListAsync<string>(
            TestRole.Superuser,
            $"""
            select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid and c.relname in ({tables}) and c.relnamespace = 'summoners_grid'::regnamespace
            where a.attnum > 0 and not a.attisdropped
            """
        );
        modelled.ShouldBe(migrated.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Entity_framework_and_statements_share_one_transaction()
    {
        var player = await _world.NewPlayerAsync();
        var database = _world.Database.Database;
        await Should.ThrowAsync<InvalidOperationException>(() =>
            database.WriteAsync(
                player,
                async (unit, ct) =>
                {
                    await using var context = await unit.ContextAsync<SummonersGridContext>(o => new(o), ct);
                    context.Decks.Add(NewDeck(player));
                    await context.SaveChangesAsync(ct);
                    (await context.Decks.CountAsync(ct)).ShouldBe(1);
                    throw new InvalidOperationException("after the write");
                },
                TestContext.Current.CancellationToken
            )
        );
        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.decks")).ShouldBe(0);
    }

    [Fact]
    public async Task A_player_sees_and_changes_only_own_decks_and_reads_public_ones()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var (decks, change) = (_world.Get<DeckRepository>(), _world.Get<ChangeDeck>());
        var hidden = await Drafts.CreateAsync(_world, a, Drafts.Empty());
        var shown = await Drafts.CreateAsync(_world, a, Drafts.Empty() with { IsPublic = true });
        hidden.Format.ShouldBe("3v3");
        hidden.IsValid.ShouldBeFalse();

        (await decks.FindAsync(b, hidden.Id)).ShouldBeNull();
        (await decks.FindAsync(b, shown.Id)).ShouldNotBeNull();
        (await decks.FindAsync(_world.Service, hidden.Id)).ShouldNotBeNull();
        (await change.MergeAsync(b, shown.Id, new DeckChange("stolen"))).ShouldBeOfType<SaveDeckOutcome.Unknown>();
        (await change.ReplaceAsync(b, shown.Id, Drafts.Empty("stolen"), 1)).ShouldBeOfType<SaveDeckOutcome.Unknown>();
        (await change.DeleteAsync(b, shown.Id)).ShouldBeOfType<DeleteDeckOutcome.Unknown>();
        (await change.MergeAsync(a, shown.Id, new DeckChange("renamed"))).ShouldBeOfType<SaveDeckOutcome.Saved>();
        (await decks.FindAsync(a, shown.Id))!.Name.ShouldBe("renamed");
        (await change.DeleteAsync(a, hidden.Id)).ShouldBeOfType<DeleteDeckOutcome.Deleted>();
        (await OfAAsync(a)).ShouldBe([shown.Id]);
        var second = await Drafts.CreateAsync(_world, a, Drafts.Empty());
        (await OfAAsync(a)).ShouldBe([second.Id, shown.Id]);
        (await OfAAsync(b)).ShouldBe([shown.Id]);

        async Task<IEnumerable<Guid>> OfAAsync(Actor by) =>
            (await decks.ByOwnerAsync(by, a.Key, new PageRequest())).ShouldBeOfType<PageOutcome<Deck>.Given>().Page.Items.Select(d => d.Id);
    }

    [Fact]
    public async Task A_studio_s_own_query_joins_cards_with_their_templates()
    {
        var player = await _world.NewPlayerAsync();
        await _world.MintAsync(player, 5);
        await using var context = NewContext();
        var names = await context
            .Cards.Where(c => c.OwnerId == player.Key)
            .OrderBy(c => c.Template.Name)
            .Select(c => c.Template.Name)
            .ToListAsync(TestContext.Current.CancellationToken);
        names.Count.ShouldBe(5);
    }

    private SummonersGridContext NewContext() =>
        new(new DbContextOptionsBuilder<SummonersGridContext>().UseNpgsql(_world.Database.ConnectionString(TestRole.App)).Options);

    private static string Describe(IReadOnlyEntityType entity, IReadOnlyProperty property) =>
        $"{entity.GetTableName()}.{property.GetColumnName()} {property.GetColumnType()}"
        + (property.IsNullable ? "" : " not null");

    private static Deck NewDeck(Actor owner) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            OwnerId = owner.Key,
            Name = $"Deck of {owner.Key}",
            SummonSlots = "{}",
            MainDeck = [],
            AdvanceDeck = [],
        };
}
