using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Storage;

namespace Gamekeeper.Tests.Storage;

public sealed class FolderObjectStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gks-").FullName;
    private readonly FolderObjectStore _store;

    public FolderObjectStoreTests() => _store = new FolderObjectStore(_folder);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_put_is_read_back_with_its_length_and_checksum()
    {
        var name = new ObjectName("replays/2026/a.json");
        var stored = (await PutAsync(name, "hello")).ShouldBeOfType<PutOutcome.Stored>().Object;
        stored.Length.ShouldBe(5);
        stored.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("hello"u8)));
        (await _store.HeadAsync(name)).ShouldBe(stored);
        await using var content = await _store.GetAsync(name);
        using var reader = new StreamReader(content.ShouldNotBeNull());
        (await reader.ReadToEndAsync()).ShouldBe("hello");
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_another_content_is_refused()
    {
        var name = new ObjectName("a");
        await PutAsync(name, "one");
        (await PutAsync(name, "one")).ShouldBeOfType<PutOutcome.AlreadyThere>();
        (await PutAsync(name, "two")).ShouldBeOfType<PutOutcome.TakenByAnother>().Existing.Length.ShouldBe(3);
        (await _store.HeadAsync(name))!.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("one"u8)));
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_that_put_a_name_at_once_one_wins_whole()
    {
        var name = new ObjectName("checkpoints/1");
        var contents = Enumerable.Range(0, 16).Select(i => new string((char)('a' + i), 200_000)).ToList();
        var nodes = contents.Select(_ => new FolderObjectStore(_folder)).ToList();
        var outcomes = await Task.WhenAll(contents.Select((c, i) => Task.Run(() => nodes[i].PutAsync(name, Stream(c)))));

        var winner = outcomes.OfType<PutOutcome.Stored>().ShouldHaveSingleItem();
        outcomes.OfType<PutOutcome.TakenByAnother>().Count().ShouldBe(15);
        (await _store.HeadAsync(name)).ShouldBe(winner.Object);
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_content_that_breaks_off_leaves_nothing_under_the_name()
    {
        var name = new ObjectName("half");
        await Should.ThrowAsync<GamekeeperException>(() => _store.PutAsync(name, new BreaksOff()));
        (await _store.HeadAsync(name)).ShouldBeNull();
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task Listed_are_objects_and_nothing_else_that_lies_there()
    {
        await PutAsync(new ObjectName("checkpoints/1.json"), "1");
        await PutAsync(new ObjectName("checkpoints/2.json"), "2");
        await PutAsync(new ObjectName("replays/1"), "r");
        await File.WriteAllTextAsync(Path.Combine(_folder, "checkpoints", "Notes OF someone.TXT"), "x");
        (await ListAsync("checkpoints/")).ShouldBe(["checkpoints/1.json", "checkpoints/2.json"], ignoreOrder: true);
        (await ListAsync("")).Count.ShouldBe(3);
        (await ListAsync("nowhere/")).ShouldBeEmpty();
        (await ListAsync("../")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        (await _store.GetAsync(new ObjectName("no"))).ShouldBeNull();
        (await _store.GetAsync(new ObjectName("no/such/folder"))).ShouldBeNull();
        (await _store.HeadAsync(new ObjectName("no"))).ShouldBeNull();
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_told_and_not_made()
    {
        Directory.Delete(_folder);
        (await Should.ThrowAsync<GamekeeperException>(() => PutAsync(new ObjectName("a"), "x"))).Code.ShouldBe("storage.unavailable");
        (await Should.ThrowAsync<GamekeeperException>(() => _store.HeadAsync(new ObjectName("a")))).Code.ShouldBe("storage.unavailable");
        (await Should.ThrowAsync<GamekeeperException>(() => ListAsync(""))).Code.ShouldBe("storage.unavailable");
        Directory.Exists(_folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("")]
    [InlineData(".incoming/x")]
    [InlineData("a/.b")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void A_name_that_could_lead_elsewhere_is_refused(string name) => Should.Throw<ArgumentException>(() => new ObjectName(name));

    [Fact]
    public void The_longest_name_is_taken_and_one_more_letter_refused()
    {
        new ObjectName(new string('a', ObjectName.MaxLength)).ToString().Length.ShouldBe(200);
        Should.Throw<ArgumentException>(() => new ObjectName(new string('a', ObjectName.MaxLength + 1)));
    }

    private Task<PutOutcome> PutAsync(ObjectName name, string content) => _store.PutAsync(name, Stream(content));

    private async Task<List<string>> ListAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var name in _store.ListAsync(prefix))
            names.Add(name.ToString());
        return names;
    }

    private IEnumerable<string> Leftovers() => Directory.EnumerateFiles(Path.Combine(_folder, ".incoming"));

    private static MemoryStream Stream(string content) => new(Encoding.UTF8.GetBytes(content));

    private sealed class BreaksOff : MemoryStream
    {
        private bool _once;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_once)
                throw new IOException("No space left on device");
            _once = true;
            buffer.Span[..100].Fill(7);
            return ValueTask.FromResult(100);
        }
    }
}
