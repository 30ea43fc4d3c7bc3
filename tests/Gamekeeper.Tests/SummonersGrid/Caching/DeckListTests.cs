using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.Tests.SummonersGrid.Decks;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

/// <summary>Lists of public decks: a minute old at most, one for each question, and never with what was withdrawn.</summary>
public sealed class DeckListTests
{
    [Fact]
    public async Task The_same_search_with_its_members_in_another_order_is_found()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var deck = await Drafts.SavedAsync(grid.World, grid.A, isPublic: true);
        var (one, two) = (deck.Summons()["slot1"], deck.Summons()["slot2"]);
        await grid.Process.ServesAsync();
        await SearchAsync(grid, $$$"""{"slot1": {"card": "{{{one}}}"}, "slot2": {"card": "{{{two}}}"}}""");

        (await grid.Process.RoundTripsAsync(async () =>
            (await SearchAsync(grid, $$$"""{ "slot2":{"card":"{{{two}}}"},"slot1":{"card":"{{{one}}}"} }""")).ShouldBe([deck.Id])
        )).ShouldBe(0);
        // Another page is another question, and so is another document.
        (await grid.Process.RoundTripsAsync(() => SearchAsync(grid, $$$"""{"slot1": {"card": "{{{one}}}"}, "slot2": {"card": "{{{two}}}"}}""", size: 7))).ShouldBe(1);
        (await grid.Process.RoundTripsAsync(() => SearchAsync(grid, $$$"""{"slot1": {"card": "{{{one}}}"}}"""))).ShouldBe(1);
        grid.Process.Counts(SummonersGridCache.DeckList).FirstLevel.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deck_that_is_withdrawn_is_in_no_list_and_a_new_one_when_its_time_comes(bool isDeleted)
    {
        await using var grid = await CachedGrid.CreateAsync();
        var (first, second) = (await Drafts.SavedAsync(grid.World, grid.A, isPublic: true), await Drafts.SavedAsync(grid.World, grid.B, isPublic: true));
        const string lead = """{"slot1": {"template": "alpha-001"}}""";
        (await PublicAsync(grid)).ShouldBe([second.Id, first.Id]);
        (await SearchAsync(grid, lead)).ShouldBe([second.Id, first.Id]);
        // It costs no list its place.
        var third = await Drafts.SavedAsync(grid.World, grid.B, isPublic: true);
        (await PublicAsync(grid)).ShouldBe([second.Id, first.Id]);

        if (isDeleted)
            (await grid.Get<ChangeDeck>().DeleteAsync(grid.A, first.Id)).ShouldBeOfType<DeleteDeckOutcome.Deleted>();
        else
            (await grid.Get<ChangeDeck>().MergeAsync(grid.A, first.Id, new DeckChange { IsPublic = false })).ShouldBeOfType<SaveDeckOutcome.Saved>();

        (await PublicAsync(grid)).ShouldBe([third.Id, second.Id]);
        (await SearchAsync(grid, lead)).ShouldBe([third.Id, second.Id]);
    }

    [Fact]
    public async Task Nobody_can_change_a_cached_list_by_writing_into_the_arrays_of_its_decks()
    {
        await using var grid = await CachedGrid.CreateAsync();
        var deck = await Drafts.SavedAsync(grid.World, grid.A, isPublic: true);
        for (var i = 0; i < 2; i++)
        {
            var listed = (await grid.Get<DeckRepository>().PublicAsync(grid.B, new PageRequest())).ShouldBeOfType<PageOutcome<Deck>.Given>().Page.Items[0];
            listed.MainDeck.ShouldBe(deck.MainDeck);
            listed.MainDeck[0] = Guid.Empty;
        }
    }

    private static async Task<IReadOnlyList<Guid>> PublicAsync(CachedGrid grid) =>
        [.. (await grid.Get<DeckRepository>().PublicAsync(grid.B, new PageRequest())).ShouldBeOfType<PageOutcome<Deck>.Given>().Page.Items.Select(d => d.Id)];

    private static async Task<IReadOnlyList<Guid>> SearchAsync(CachedGrid grid, string slots, int size = 20) =>
        [.. (await grid.Get<DeckSearch>().ContainingAsync(slots, new PageRequest(new PageSize(size)))).ShouldBeOfType<DeckSearchOutcome.Found>().Page.Items.Select(d => d.Id)];
}
