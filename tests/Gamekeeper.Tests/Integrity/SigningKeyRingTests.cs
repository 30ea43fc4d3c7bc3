using System.Security.Cryptography;
using Gamekeeper.Integrity;
using Gamekeeper.Privacy;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Integrity;

public sealed class SigningKeyRingTests
{
    private static readonly byte[] Data = "what happened"u8.ToArray();

    [Fact]
    public async Task Nodes_that_start_together_on_an_empty_table_agree_on_one_key()
    {
        await using var db = await TestDatabase.CreateAsync();
        var nodes = Enumerable.Range(0, 6).Select(_ => db.SecondProcess()).ToList();

        var keys = await Task.WhenAll(nodes.Select(n => n.GetRequiredService<SigningKeyRing>().ActiveAsync().AsTask()));

        keys.Select(k => k.Id).Distinct().Count().ShouldBe(1);
        (await db.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.signing_keys")).ShouldBe(1);
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task A_signature_is_64_bytes_and_holds_for_exactly_what_was_signed()
    {
        await using var db = await TestDatabase.CreateAsync();
        var ring = db.Get<SigningKeyRing>();
        var key = await ring.ActiveAsync();

        var signature = key.Sign(Data);

        signature.Length.ShouldBe(64);
        (await ring.VerifyAsync(key.Id, Data, signature)).ShouldBe(SignatureVerdict.Good);
        (await ring.VerifyAsync(key.Id, "what did not"u8.ToArray(), signature)).ShouldBe(SignatureVerdict.Bad);
        (await ring.VerifyAsync(key.Id, Data, signature.AsMemory(0, 63))).ShouldBe(SignatureVerdict.Bad);
        (await ring.VerifyAsync("00000000", Data, signature)).ShouldBe(SignatureVerdict.UnknownKey);
        for (var i = 0; i < 64; i++)
        {
            var altered = signature.ToArray();
            altered[i] ^= 1;
            (await ring.VerifyAsync(key.Id, Data, altered)).ShouldBe(SignatureVerdict.Bad);
        }
    }

    [Fact]
    public async Task Whoever_has_the_published_key_alone_can_verify()
    {
        await using var db = await TestDatabase.CreateAsync();
        var ring = db.Get<SigningKeyRing>();
        var key = await ring.ActiveAsync();
        var published = (await ring.PublicKeysAsync()).Single();

        using var outsider = ECDsa.Create();
        outsider.ImportFromPem(published.Pem);

        outsider.VerifyData(Data, key.Sign(Data), HashAlgorithmName.SHA256).ShouldBeTrue();
        published.Id.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(outsider.ExportSubjectPublicKeyInfo()))[..8]);
        published.RetiredAt.ShouldBeNull();
    }

    [Fact]
    public async Task After_a_rotation_the_old_key_verifies_and_every_node_takes_the_new_one()
    {
        var clock = new ManualClock();
        await using var db = await TestDatabase.CreateAsync(clock: clock);
        await using var node = db.SecondProcess(clock: clock);
        var (here, there) = (db.Get<SigningKeyRing>(), node.GetRequiredService<SigningKeyRing>());
        var old = await there.ActiveAsync();
        var signedBefore = old.Sign(Data);

        var fresh = await here.RotateAsync(Actor.System(clock));
        var signedAfter = (await here.ActiveAsync()).Sign(Data);
        clock.Advance(TimeSpan.FromSeconds(2));

        (await here.ActiveAsync()).Id.ShouldBe(fresh);
        (await here.VerifyAsync(old.Id, Data, signedBefore)).ShouldBe(SignatureVerdict.Good);
        (await there.VerifyAsync(fresh, Data, signedAfter)).ShouldBe(SignatureVerdict.Good);
        clock.Advance(TimeSpan.FromMinutes(1));
        (await there.ActiveAsync()).Id.ShouldBe(fresh);
        (await here.PublicKeysAsync()).Select(k => (k.Id, k.RetiredAt is null)).ShouldBe([(old.Id, false), (fresh, true)], ignoreOrder: true);
        Should.Throw<InvalidOperationException>(() => here.FindAsync(old.Id).AsTask().Result!.Sign(Data));
    }

    [Fact]
    public async Task Rotations_at_once_follow_each_other_and_leave_one_active_key()
    {
        await using var db = await TestDatabase.CreateAsync();
        var ring = db.Get<SigningKeyRing>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ring.RotateAsync(Actor.System(db.Clock))));

        (await db.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.signing_keys where retired_at is null")).ShouldBe(1);
        (await db.ScalarAsync<long>(TestRole.Superuser, "select count(*) from core.signing_keys")).ShouldBe(4);
    }

    [Fact]
    public async Task Many_threads_sign_and_verify_with_one_key()
    {
        await using var db = await TestDatabase.CreateAsync();
        var key = await db.Get<SigningKeyRing>().ActiveAsync();

        await Parallel.ForAsync(0, 200, (i, _) =>
        {
            var data = BitConverter.GetBytes(i);
            key.Verify(data, key.Sign(data)).ShouldBeTrue();
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task Under_another_master_key_nothing_is_signed_and_the_missing_key_is_named()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.Get<SigningKeyRing>().ActiveAsync();
        await using var stranger = db.SecondProcess(
            new TestDatabaseOptions(Configure: s => s.Configure<MasterKeyOptions>(o => o.MasterKey = MasterKey.NewText()))
        );

        var failure = await Should.ThrowAsync<GamekeeperException>(stranger.GetRequiredService<SigningKeyRing>().ActiveAsync().AsTask());

        failure.Code.ShouldBe("privacy.master-key-unknown");
        failure.Message.ShouldContain(db.Get<MasterKeys>().ActiveId);
    }
}
