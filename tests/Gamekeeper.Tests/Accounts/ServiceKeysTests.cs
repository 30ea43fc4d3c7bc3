using Gamekeeper.Accounts;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Accounts;

public sealed class ServiceKeysTests
{
    [Fact]
    public async Task A_key_is_found_by_its_text_until_it_is_revoked()
    {
        await using var world = await AccountWorld.CreateAsync();
        var keys = world.Db.Get<ServiceKeys>();
        var created = await CreateAsync(world, new("match server", [ServiceScopes.Report, ServiceScopes.Grant]));

        created.Text.ShouldMatch("^gk_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$");
        var found = (await keys.FindAsync(created.Text)).ShouldBeOfType<FindServiceKeyOutcome.Found>();
        (found.Id, found.Name).ShouldBe((created.Key.Id, "match server"));
        found.Scopes.ShouldBe([ServiceScopes.Report, ServiceScopes.Grant]);

        (await keys.RevokeAsync(created.Key.Id, Actor.Player(Guid.Empty, world.Clock))).ShouldBeFalse();
        (await keys.FindAsync(created.Text)).ShouldBeOfType<FindServiceKeyOutcome.Found>();
        (await keys.RevokeAsync(created.Key.Id, world.Operator)).ShouldBeTrue();
        // A repeat, whose first answer may have been lost.
        (await keys.RevokeAsync(created.Key.Id, world.Operator)).ShouldBeTrue();
        (await keys.RevokeAsync(Guid.CreateVersion7(), world.Operator)).ShouldBeFalse();
        (await keys.FindAsync(created.Text)).ShouldBeOfType<FindServiceKeyOutcome.Revoked>();
    }

    [Fact]
    public async Task A_text_with_any_character_changed_is_unknown()
    {
        await using var world = await AccountWorld.CreateAsync();
        var keys = world.Db.Get<ServiceKeys>();
        var text = (await CreateAsync(world, new("one", [ServiceScopes.Mint]))).Text;

        // The last character carries four bits alone; its neighbours in the alphabet may spell the same bytes and are refused as such.
        for (var i = 0; i < text.Length - 1; i++)
        {
            var altered = text[..i] + (text[i] == '0' ? '1' : '0') + text[(i + 1)..];
            (await keys.FindAsync(altered)).ShouldBeOfType<FindServiceKeyOutcome.Unknown>(altered);
        }
        foreach (var nonsense in new[] { null, "", "gk_", text + "x", text[..^1], text.ToUpperInvariant() })
            (await keys.FindAsync(nonsense)).ShouldBeOfType<FindServiceKeyOutcome.Unknown>();
    }

    [Fact]
    public async Task A_key_ends_when_it_was_said_to()
    {
        await using var world = await AccountWorld.CreateAsync();
        var keys = world.Db.Get<ServiceKeys>();
        var created = await CreateAsync(world, new("event", [ServiceScopes.Grant], world.Clock.GetUtcNow().AddHours(1)));

        world.Clock.Advance(TimeSpan.FromMinutes(59));
        (await keys.FindAsync(created.Text)).ShouldBeOfType<FindServiceKeyOutcome.Found>();
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        (await keys.FindAsync(created.Text)).ShouldBeOfType<FindServiceKeyOutcome.Expired>();
    }

    [Fact]
    public async Task Use_is_noted_at_most_once_a_minute()
    {
        await using var world = await AccountWorld.CreateAsync(new TestDatabaseOptions(CountRoundTrips: true));
        var keys = world.Db.Get<ServiceKeys>();
        var created = await CreateAsync(world, new("one", [ServiceScopes.Mint]));
        await keys.FindAsync(created.Text);
        var noted = (await keys.ListAsync()).Single().LastUsed;
        world.Clock.Advance(TimeSpan.FromSeconds(59));

        (await world.Db.RoundTrips.MeasureAsync(() => keys.FindAsync(created.Text))).ShouldBe(1);
        (await keys.ListAsync()).Single().LastUsed.ShouldBe(noted);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await keys.FindAsync(created.Text);
        (await keys.ListAsync()).Single().LastUsed.ShouldBe(noted!.Value.AddMinutes(1));
    }

    [Fact]
    public async Task Players_and_services_make_no_keys_and_a_key_needs_a_name_and_known_scopes()
    {
        await using var world = await AccountWorld.CreateAsync();
        var keys = world.Db.Get<ServiceKeys>();
        var service = new Actor(ActorKind.Service, Guid.CreateVersion7(world.Clock.GetUtcNow()), Guid.CreateVersion7(world.Clock.GetUtcNow()));

        (await keys.CreateAsync(new("one", [ServiceScopes.Mint]), service)).ShouldBeOfType<CreateServiceKeyOutcome.NotAllowed>();
        var invalid = await keys.CreateAsync(new("", ["everything"], world.Clock.GetUtcNow()), world.Operator);
        invalid.ShouldBeOfType<CreateServiceKeyOutcome.Invalid>().Errors.Select(e => e.Field).ShouldBe(["name", "scopes", "expiresAt"]);
        (await keys.ListAsync()).ShouldBeEmpty();
    }

    private static async Task<CreateServiceKeyOutcome.Created> CreateAsync(AccountWorld world, ServiceKeyInput input) =>
        (await world.Db.Get<ServiceKeys>().CreateAsync(input, world.Operator)).ShouldBeOfType<CreateServiceKeyOutcome.Created>();
}
