using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Scheduling;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

/// <summary>Checkpoints themselves are altered or removed, in the database or in the store.</summary>
public sealed class ChainTests : IAsyncLifetime
{
    private CheckpointWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await CheckpointWorld.CreateAsync();
        await _world.MakeAsync();
        await _world.Grid.MintAsync(await _world.Grid.NewPlayerAsync(), 2);
        await _world.MakeAsync();
        await _world.MakeAsync();
        await _world.HoldsAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_row_removed_from_the_middle_is_named()
    {
        await _world.AttackAsync("delete from core.checkpoints where number = 2");
        var found = await _world.ChainAsync();
        found.ShouldContain(b => b.Key == "2" && b.Finding.Contains("removed from the database"));
        found.ShouldContain(b => b.Key == "3" && b.Finding.Contains("does not follow checkpoint 1"));
        (await _world.ChainAsync(since: 3)).ShouldContain(b => b.Key == "3" && b.Finding.Contains("does not follow checkpoint 1"));
    }

    [Theory]
    [InlineData("delete from core.checkpoints where number = 2")]
    [InlineData("update core.checkpoints set payload = replace(payload, '\"rows\":2', '\"rows\":0'), hash = sha256(convert_to(replace(payload, '\"rows\":2', '\"rows\":0'), 'UTF8')) where number = 2")]
    public async Task Rows_removed_with_the_checkpoint_that_covers_them_are_missed_by_the_next_run(string sql)
    {
        await _world.AttackAsync($"{sql}; delete from summoners_grid.ownership_history; delete from summoners_grid.ownership_operations");
        var ran = (await _world.RunJobAsync()).ShouldBeOfType<RunNowOutcome.Ran>();
        ran.Succeeded.ShouldBeFalse();
        ran.Said.ShouldContain("core.checkpoints ");
    }

    [Fact]
    public async Task The_newest_row_removed_is_named()
    {
        await _world.AttackAsync("delete from core.checkpoints where number = 3");
        (await _world.ChainAsync()).ShouldHaveSingleItem().Key.ShouldBe("3");
        (await _world.ChainAsync(since: 2)).ShouldHaveSingleItem().Key.ShouldBe("3");
        (await Should.ThrowAsync<GamekeeperException>(() => _world.Make.RunAsync())).Code.ShouldBe("integrity.checkpoints-behind");
    }

    [Fact]
    public async Task All_rows_removed_is_named()
    {
        await _world.AttackAsync("truncate core.checkpoints");
        (await _world.ChainAsync()).Count.ShouldBe(3);
        (await Should.ThrowAsync<GamekeeperException>(() => _world.Make.RunAsync())).Code.ShouldBe("integrity.checkpoints-behind");
    }

    [Fact]
    public async Task A_row_with_other_rows_counted_is_no_longer_signed()
    {
        await _world.AttackAsync(
            """
            update core.checkpoints set payload = replace(payload, '"rows":2', '"rows":1'),
              hash = sha256(convert_to(replace(payload, '"rows":2', '"rows":1'), 'UTF8')) where number = 2
            """
        );
        var found = await _world.ChainAsync();
        found.ShouldContain(b => b.Key == "2" && b.Finding.Contains("signature"));
        found.ShouldContain(b => b.Key == "2" && b.Finding.Contains("is another one"));
        found.ShouldContain(b => b.Key == "3" && b.Finding.Contains("does not follow"));
        (await _world.Grid.Get<CheckChain>().RunAsync(limit: 1)).Count.ShouldBe(1);
        (await _world.RunJobAsync("core.check-checkpoints")).ShouldBeOfType<RunNowOutcome.Ran>().Succeeded.ShouldBeFalse("of several findings too");
    }

    [Fact]
    public async Task A_row_that_is_no_checkpoint_at_all_is_named()
    {
        await _world.AttackAsync("update core.checkpoints set payload = 'null', hash = sha256('null') where number = 3");
        (await _world.ChainAsync()).ShouldContain(b => b.Key == "3" && b.Finding.Contains("cannot be read"));
        (await Should.ThrowAsync<GamekeeperException>(() => _world.Make.RunAsync())).Code.ShouldBe("integrity.checkpoint-forged");
        await _world.RowsAsync();
    }

    [Fact]
    public async Task An_object_removed_is_named_but_for_the_newest_which_the_next_run_puts_again()
    {
        foreach (var number in new[] { 1, 2, 3 })
            File.Delete(Object(number));
        (await _world.ChainAsync()).Select(b => b.Key).ShouldBe(["1", "2"]);
        (await _world.MakeAsync()).Number.ShouldBe(4);
        File.Exists(Object(3)).ShouldBeTrue();
        (await _world.FolderAsync()).Breaches.ShouldContain(b => b.Key == "2" && b.Finding.Contains("missing"));
    }

    [Fact]
    public async Task An_object_altered_is_named_and_nothing_is_built_on_it()
    {
        await File.WriteAllTextAsync(Object(3), (await File.ReadAllTextAsync(Object(3))) + " ");
        (await _world.ChainAsync()).ShouldHaveSingleItem().Finding.ShouldContain("is another one");
        (await Should.ThrowAsync<GamekeeperException>(() => _world.Make.RunAsync())).Code.ShouldBe("integrity.checkpoint-object-altered");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaves_removed_or_altered_are_named_and_a_removed_row_is_still_missed(bool removed)
    {
        var file = Directory.GetFiles(Path.Combine(_world.Folder, "checkpoints"), "00000002.*.leaves.gz").ShouldHaveSingleItem();
        if (removed)
            File.Delete(file);
        else
            await File.AppendAllTextAsync(file, "x");
        (await _world.ChainAsync()).ShouldHaveSingleItem().Key.ShouldBe("2");
        (await _world.FolderAsync()).Breaches.ShouldHaveSingleItem().Key.ShouldBe("2");

        await _world.AttackAsync("delete from summoners_grid.ownership_history; delete from summoners_grid.ownership_operations");
        (await _world.RowsAsync()).ShouldContain(b => b.Table == "summoners_grid.ownership_operations" && b.Finding.Contains("which ones cannot be told"));
    }

    [Fact]
    public async Task An_object_of_a_number_that_never_was_is_a_tail_that_is_missed()
    {
        File.Copy(Object(3), Object(7));
        (await _world.ChainAsync()).ShouldHaveSingleItem().Key.ShouldBe("7");
        (await _world.FolderAsync()).Breaches.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("checkpoints/00000001.json")]
    [InlineData(null)]
    public async Task A_forged_object_in_a_folder_is_named_whatever_it_names_as_its_leaves(string? leaves)
    {
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Object(2)))!;
        var payload = JsonNode.Parse((string)file["payload"]!)!;
        var bytes = await File.ReadAllBytesAsync(Object(1));
        payload["leaves"] = new JsonObject { ["object"] = leaves, ["length"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        file["payload"] = payload.ToJsonString();
        await File.WriteAllTextAsync(Object(2), file.ToJsonString());
        (await _world.FolderAsync()).Breaches.ShouldContain(b => b.Key == "2");
    }

    private string Object(long number) => Path.Combine(_world.Folder, SignedCheckpoint.NameOf(number));
}
