using System.Text;
using System.Text.Json;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Cards.Import;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Cards;

public sealed class ImportTemplatesTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>The table of Fixtures/README.md, so that what it says is what is tested.</summary>
    public static TheoryData<string, int, string?> FilesToRefuse()
    {
        var data = new TheoryData<string, int, string?>();
        foreach (var line in File.ReadLines(Path.Combine(Fixtures, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal)))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            data.Add(cells[1].Trim('`'), int.Parse(cells[3]), cells[4] == "–" ? null : cells[4].Trim('`'));
        }
        return data;
    }

    private static string Fixtures => Path.Combine(AppContext.BaseDirectory, "SummonersGrid", "Cards", "Fixtures");

    [Fact]
    public void Every_file_to_refuse_is_in_the_table()
    {
        var listed = FilesToRefuse().Select(row => row.Data.Item1).Append("good.jsonl").Append("README.md").Order();
        Directory.GetFiles(Fixtures).Select(f => Path.GetFileName(f)!).Order().ShouldBe(listed);
    }

    [Theory]
    [MemberData(nameof(FilesToRefuse))]
    public async Task A_bad_file_is_refused_whole_with_line_and_member(string file, int line, string? member)
    {
        await using var stream = File.OpenRead(Path.Combine(Fixtures, file));
        var refused = (await ImportAsync(stream)).ShouldBeOfType<ImportOutcome.Refused>();
        refused.Line.ShouldBe(line, refused.Problem);
        if (member is not null)
            refused.Member.ShouldNotBeNull().ShouldStartWith(member);
        (await CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"id":"t-1","effects":[""", "the record is not valid JSON")]
    [InlineData("""[{"id":"t-1","effects":[{}]""", "the record is not valid JSON")]
    [InlineData("deep", "the record is nested more than 64 deep")]
    public async Task A_record_that_is_cut_off_is_not_called_nested_too_deep(string file, string problem)
    {
        var text = file == "deep" ? $$"""{"id":"t-1","effects":{{new string('[', 2000)}}""" : file;
        (await ImportTextAsync(text)).ShouldBeOfType<ImportOutcome.Refused>().Problem.ShouldBe(problem);
    }

    [Fact]
    public async Task A_good_file_is_taken_whole_and_again_changes_nothing()
    {
        (await ImportFileAsync("good.jsonl")).ShouldBe(new ImportOutcome.Imported(5, 0, 0));
        (await ImportFileAsync("good.jsonl")).ShouldBe(new ImportOutcome.Imported(0, 0, 5));
        var versions = await _database.ScalarAsync<long>(
            TestRole.Superuser,
            "select count(*) from summoners_grid.audit_log where table_name = 'card_templates' and action = 'UPDATE'"
        );
        versions.ShouldBe(0);
    }

    [Fact]
    public async Task All_five_documents_survive_a_round_trip()
    {
        const string record = """
            {"id":"t-1","name":"Überflieger 🂡","type":"summon","rarity":"rare","cost":{"mana":2},"requirements":{"level":null},
             "effects":[{"text":"a \"quoted\" text","amount":3}],"attributes":{"keywords":["x","y"]},"stats":{"attack":1,"ratio":1.5},
             "flavor_text":"…","image_url":null}
            """;
        (await ImportTextAsync(record)).ShouldBe(new ImportOutcome.Imported(1, 0, 0));
        var template = (await _database.Get<CardTemplateRepository>().FindAsync("t-1"))!;
        using var given = JsonDocument.Parse(record);
        foreach (
            var (member, document) in new[]
            {
                ("cost", template.Cost),
                ("requirements", template.Requirements),
                ("effects", template.Effects),
                ("attributes", template.Attributes),
                ("stats", template.Stats),
            }
        )
        {
            using var stored = JsonDocument.Parse(document!);
            JsonElement.DeepEquals(stored.RootElement, given.RootElement.GetProperty(member)).ShouldBeTrue(member);
        }
        template.Name.ShouldBe("Überflieger 🂡");
    }

    [Fact]
    public async Task A_changed_record_is_updated_and_every_reader_sees_it_at_once()
    {
        await ImportTextAsync("""[{"id":"t-1","name":"Old","type":"a","rarity":"b"},{"id":"t-2","name":"Same","type":"a","rarity":"b"}]""");
        (await _database.Get<CardTemplateRepository>().FindAsync("t-1"))!.Name.ShouldBe("Old");
        (await ImportTextAsync("""[{"id":"t-1","name":"New","type":"a","rarity":"b"},{"id":"t-2","name":"Same","type":"a","rarity":"b"}]"""))
            .ShouldBe(new ImportOutcome.Imported(0, 1, 1));
        (await _database.Get<CardTemplateRepository>().FindAsync("t-1"))!.Name.ShouldBe("New");
    }

    [Fact]
    public async Task Unknown_members_are_kept_under_attributes_when_asked()
    {
        const string record = """{"id":"t-1","name":"n","type":"a","rarity":"b","attributes":{"faction":"x"},"artist":{"name":"y"}}""";
        (await ImportTextAsync(record)).ShouldBeOfType<ImportOutcome.Refused>().Member.ShouldBe("artist");
        (await ImportTextAsync(record, keepUnknown: true)).ShouldBe(new ImportOutcome.Imported(1, 0, 0));
        using var attributes = JsonDocument.Parse((await _database.Get<CardTemplateRepository>().FindAsync("t-1"))!.Attributes!);
        attributes.RootElement.GetProperty("artist").GetProperty("name").GetString().ShouldBe("y");
        attributes.RootElement.GetProperty("faction").GetString().ShouldBe("x");
    }

    [Fact]
    public async Task An_unknown_member_that_attributes_has_already_is_refused()
    {
        const string record = """{"id":"t-1","name":"n","type":"a","rarity":"b","attributes":{"artist":"x"},"artist":"y"}""";
        (await ImportTextAsync(record, keepUnknown: true)).ShouldBeOfType<ImportOutcome.Refused>().Member.ShouldBe("artist");
    }

    [Fact]
    public async Task A_bad_record_after_thousands_of_good_ones_leaves_nothing_behind()
    {
        var text = new StringBuilder();
        for (var i = 1; i <= 3000; i++)
            text.AppendLine($$"""{"id":"t-{{i}}","name":"Card {{i}}","type":"a","rarity":"b","flavor_text":"{{new string('x', i % 500)}}"}""");
        text.AppendLine("""{"id":"t-3001","name":"Card","type":"a","rarity":7}""");
        var refused = (await ImportTextAsync(text.ToString())).ShouldBeOfType<ImportOutcome.Refused>();
        (refused.Line, refused.Member).ShouldBe((3001, "rarity"));
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_two_megabyte_text_is_refused_as_too_long_a_record()
    {
        var record = $$"""{"id":"t-1","name":"n","type":"a","rarity":"b","flavor_text":"{{new string('x', 2 << 20)}}"}""";
        (await ImportTextAsync(record)).ShouldBeOfType<ImportOutcome.Refused>().Problem.ShouldContain("longer than 1048576 bytes");
    }

    [Fact]
    public async Task A_flavour_text_of_4001_characters_is_refused()
    {
        var record = $$"""{"id":"t-1","name":"n","type":"a","rarity":"b","flavor_text":"{{new string('x', 4001)}}"}""";
        var refused = (await ImportTextAsync(record)).ShouldBeOfType<ImportOutcome.Refused>();
        (refused.Member, refused.Problem).ShouldBe(("flavor_text", "has 4001 characters; it takes at most 4000"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Blocks_of_any_size_give_the_same_cards(int blockSize)
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(Fixtures, "good.jsonl"), TestContext.Current.CancellationToken);
        await using var stream = new SlowStream(whole, blockSize);
        (await ImportAsync(stream)).ShouldBe(new ImportOutcome.Imported(5, 0, 0));
    }

    private async Task<ImportOutcome> ImportFileAsync(string file)
    {
        await using var stream = File.OpenRead(Path.Combine(Fixtures, file));
        return await ImportAsync(stream);
    }

    private async Task<ImportOutcome> ImportTextAsync(string text, bool keepUnknown = false)
    {
        await using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await ImportAsync(stream, keepUnknown);
    }

    private Task<ImportOutcome> ImportAsync(Stream stream, bool keepUnknown = false) =>
        _database.Get<ImportTemplates>().RunAsync(Actor.System(_database.Clock), stream, keepUnknown);

    private Task<long> CountAsync() => _database.ScalarAsync<long>(TestRole.Superuser, "select count(*) from summoners_grid.card_templates");

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class SlowStream(byte[] bytes, int blockSize) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(blockSize, buffer.Length)], cancellationToken);
    }
}
