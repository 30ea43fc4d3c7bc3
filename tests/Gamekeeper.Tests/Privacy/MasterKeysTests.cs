using System.Text;
using Gamekeeper.Privacy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Tests.Privacy;

public sealed class MasterKeysTests
{
    [Theory]
    [InlineData(null, "configuration.missing")]
    [InlineData("  ", "configuration.missing")]
    [InlineData("not base64 at all", "configuration.invalid")]
    [InlineData("c2hvcnQ=", "configuration.invalid")]
    public void A_missing_or_malformed_master_key_is_named_by_its_variable(string? text, string code)
    {
        var failure = Should.Throw<GamekeeperException>(() => Keys(text));

        failure.Code.ShouldBe(code);
        failure.Message.ShouldContain("Gamekeeper__MasterKey");
        if (text is { Length: > 3 })
            failure.Message.ShouldNotContain(text);
    }

    [Fact]
    public void A_malformed_previous_key_is_named_by_its_number() =>
        Should.Throw<GamekeeperException>(() => Keys(MasterKey.NewText(), MasterKey.NewText(), "oops"))
            .Message.ShouldContain("Gamekeeper__PreviousMasterKeys__1");

    [Fact]
    public async Task A_host_without_a_master_key_does_not_start()
    {
        var host = Host.CreateApplicationBuilder();
        host.Services.AddGamekeeper(o => o.ConnectionString = "Host=localhost");
        using var app = host.Build();

        (await Should.ThrowAsync<GamekeeperException>(app.StartAsync())).Message.ShouldContain("Gamekeeper__MasterKey");
    }

    [Fact]
    public void A_secret_opens_for_its_own_purpose_alone()
    {
        var keys = Keys(MasterKey.NewText());
        var wrapped = keys.Wrap("secret"u8, "mine");

        keys.Unwrap(wrapped, "mine").ShouldBe("secret"u8.ToArray());
        Should.Throw<GamekeeperException>(() => keys.Unwrap(wrapped, "yours")).Code.ShouldBe("privacy.cannot-decrypt");
    }

    [Fact]
    public void A_secret_altered_in_any_byte_does_not_open()
    {
        var keys = Keys(MasterKey.NewText());
        var wrapped = keys.Wrap("secret"u8, "mine");

        for (var i = 0; i < wrapped.Bytes.Length; i++)
        {
            var altered = wrapped.Bytes.ToArray();
            altered[i] ^= 1;
            Should.Throw<GamekeeperException>(() => keys.Unwrap(wrapped with { Bytes = altered }, "mine")).Code.ShouldBe("privacy.cannot-decrypt");
        }
        Should.Throw<GamekeeperException>(() => keys.Unwrap(wrapped with { Bytes = [] }, "mine")).Code.ShouldBe("privacy.cannot-decrypt");
    }

    [Fact]
    public void Two_seals_of_one_secret_differ_and_hold_none_of_it()
    {
        var keys = Keys(MasterKey.NewText());
        var secret = Encoding.UTF8.GetBytes("a secret of some length");

        var (one, other) = (keys.Wrap(secret, "mine"), keys.Wrap(secret, "mine"));

        one.Bytes.ShouldNotBe(other.Bytes);
        one.Bytes.AsSpan().IndexOf(secret.AsSpan(0, 8)).ShouldBe(-1);
    }

    [Fact]
    public void Another_master_key_says_which_one_is_missing()
    {
        var wrapped = Keys(MasterKey.NewText()).Wrap("secret"u8, "mine");
        var other = Keys(MasterKey.NewText());

        var failure = Should.Throw<GamekeeperException>(() => other.Unwrap(wrapped, "mine"));

        failure.Code.ShouldBe("privacy.master-key-unknown");
        failure.Message.ShouldContain(wrapped.MasterKeyId);
        failure.Message.ShouldContain(other.ActiveId);
    }

    [Fact]
    public void A_previous_key_still_opens_and_no_longer_wraps()
    {
        var (old, fresh) = (MasterKey.NewText(), MasterKey.NewText());
        var wrapped = Keys(old).Wrap("secret"u8, "mine");
        var rotating = Keys(fresh, old);

        var rewrapped = rotating.Rewrap(wrapped, "mine");

        rotating.Unwrap(wrapped, "mine").ShouldBe("secret"u8.ToArray());
        rewrapped.MasterKeyId.ShouldBe(rotating.ActiveId);
        Keys(fresh).Unwrap(rewrapped, "mine").ShouldBe("secret"u8.ToArray());
    }

    [Fact]
    public void Keyed_hashes_differ_by_key_and_by_purpose()
    {
        var (old, fresh) = (MasterKey.NewText(), MasterKey.NewText());
        var keys = Keys(fresh, old);
        var address = EmailAddress.Parse("mira@example.com");

        var hashes = EmailHash.AllOf(address, keys);

        hashes.Select(h => h.KeyId).ShouldBe(keys.Ids);
        hashes[0].Hash.ShouldNotBe(hashes[1].Hash);
        hashes[1].Hash.ShouldBe(EmailHash.Of(address, Keys(old)).Hash);
        keys.Mac(keys.ActiveId, "other", "mira@example.com"u8).ShouldNotBe(hashes[0].Hash);
    }

    internal static MasterKeys Keys(string? active, params string[] previous)
    {
        var options = new MasterKeyOptions { MasterKey = active };
        foreach (var key in previous)
            options.PreviousMasterKeys.Add(key);
        return new MasterKeys(Options.Create(options));
    }
}
