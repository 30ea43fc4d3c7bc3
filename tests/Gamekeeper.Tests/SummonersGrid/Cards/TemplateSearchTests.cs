using System.Text;
using System.Text.Json;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Cards;

public sealed class TemplateSearchTests(TemplateSearchTests.Shared shared) : IClassFixture<TemplateSearchTests.Shared>
{
    private const int Alike = 45;

    [Fact]
    public async Task A_word_that_stands_only_in_the_flavour_finds_the_card()
    {
        (await FindAsync("lighthouse")).ShouldBe(["s-keeper"]);
        (await FindAsync("keeper lighthouse")).ShouldBe(["s-keeper"], "words of name and flavour count together");
    }

    [Theory]
    [InlineData("lighthouses")]
    [InlineData("burn")]
    [InlineData("BURNED")]
    public async Task Another_form_of_an_english_word_finds_the_card(string word) => (await FindAsync(word)).ShouldBe(["s-keeper"]);

    [Fact]
    public async Task A_card_without_flavour_is_found_by_its_name() => (await FindAsync("taciturn")).ShouldBe(["s-mute"]);

    [Fact]
    public async Task Quotes_ask_for_a_phrase_and_a_minus_leaves_out()
    {
        (await FindAsync("\"storm burning\"")).ShouldBeEmpty();
        (await FindAsync("\"burning storm\"")).ShouldBe(["s-keeper"]);
        (await FindAsync("keeper -lighthouse")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zzz' or '999'='999")]
    [InlineData("'; drop table summoners_grid.card_templates cascade; --")]
    [InlineData("lighthouse'); delete from summoners_grid.card_templates; --")]
    [InlineData("lighthouse | zzz")]
    [InlineData("light:*")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("$99")]
    [InlineData("\\")]
    [InlineData("!!(<->")]
    public async Task Words_are_never_more_than_words(string text)
    {
        (await FindAsync(text)).ShouldBeEmpty();
        (await FindAsync(null, type: text)).ShouldBeEmpty();
        (await FindAsync(null, rarity: text)).ShouldBeEmpty();

        (await shared.Database.ScalarAsync<long>(TestRole.App, "select count(*) from summoners_grid.card_templates")).ShouldBe(Alike + 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(44)]
    [InlineData(45)]
    public async Task Pages_over_many_equal_ranks_return_each_card_once(int size)
    {
        var found = await FindAsync("dragon", size: size);

        found.Count.ShouldBe(Alike);
        found.ShouldBeUnique();
    }

    private async Task<List<string>> FindAsync(string? text, string? type = null, string? rarity = null, int size = 200)
    {
        var templates = shared.Database.Get<CardTemplateRepository>();
        var (found, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await templates.ListAsync(new TemplateQuestion(text, type, rarity), new PageRequest(new PageSize(size), cursor));
            var given = page.ShouldBeOfType<PageOutcome<CardTemplate>.Given>().Page;
            given.Count.ShouldBeLessThanOrEqualTo(size);
            found.AddRange(given.Items.Select(t => t.Id));
            cursor = given.NextCursor;
        } while (cursor is not null);
        return found;
    }

    /// <summary>Many cards that match a word equally well, one that only its flavour tells of, and one without flavour.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal TestDatabase Database { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await TestDatabase.CreateAsync();
            var records = Enumerable
                .Range(1, Alike)
                .Select(i => Template($"s-dragon-{i:00}", $"Dragon {i}", "It sleeps"))
                .Append(Template("s-keeper", "The Keeper", "Alone in the lighthouse, through a burning storm"))
                .Append(Template("s-mute", "Taciturn", null));
            using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', records)));
            (await Database.Get<ImportTemplates>().RunAsync(Actor.System(Database.Clock), file)).ShouldBe(new ImportOutcome.Imported(Alike + 2, 0, 0));
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();

        private static string Template(string id, string name, string? flavour) =>
            JsonSerializer.Serialize(
                new Dictionary<string, string?> { ["id"] = id, ["name"] = name, ["type"] = "summon", ["rarity"] = "rare", ["flavor_text"] = flavour }
            );
    }
}
