using Gamekeeper.Privacy;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Privacy;

public sealed class KeyRingStoreTests
{
    [Fact]
    public async Task An_entry_comes_back_as_it_was_and_stands_sealed_in_the_table()
    {
        await using var db = await TestDatabase.CreateAsync();
        var store = db.Get<KeyRingStore>();
        await store.StoreAsync(new("key-b", "<key>first</key>"));
        await store.StoreAsync(new("key-a", "<key>ä</key>"));
        await store.StoreAsync(new("key-b", "<key>second</key>"));

        (await store.ListAsync()).ShouldBe([new("key-a", "<key>ä</key>"), new("key-b", "<key>second</key>")]);
        (await db.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.data_protection_keys where position('second'::bytea in wrapped_xml) > 0"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task An_entry_moved_to_another_name_does_not_open()
    {
        await using var db = await TestDatabase.CreateAsync();
        var store = db.Get<KeyRingStore>();
        await store.StoreAsync(new("key-a", "<key/>"));
        await db.ExecuteAsync(TestRole.Superuser, "update core.data_protection_keys set name = 'key-z'");

        (await Should.ThrowAsync<GamekeeperException>(store.ListAsync())).Code.ShouldBe("privacy.cannot-decrypt");
    }
}
