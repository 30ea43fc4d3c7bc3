using System.Text.Json;
using Gamekeeper.Migrations;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Ownership;

/// <summary>Cards from before, signed in a way that nobody can verify, become cards with a history: attested, never signed again.</summary>
public sealed class AttestLegacySignaturesTests : IAsyncLifetime
{
    // SHA-256 in hex: what the former game wrote.
    private static readonly string OldSignature = new('a', 63);

    private GridWorld _world = null!;
    private Actor _a = null!;
    private Actor _b = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        (_a, _b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_card_of_an_older_format_is_attested_by_an_appended_event()
    {
        var card = await OldCardAsync('1', uniqueStats: """{"attack": 3}""");
        (await _world.BreachesAsync()).ShouldHaveSingleItem().Breach.Finding.ShouldBe("the card has no history at all");

        (await AttestAsync()).ShouldBe(1);

        var verified = (await _world.Get<OwnershipHistory>().VerifyAsync(card))!.Value;
        verified.Verdict.ShouldBe(new CardVerdict.Intact(1));
        var attested = verified.History.Events.ShouldHaveSingleItem();
        attested.Method.ShouldBe("attestation");
        attested.NewOwnerId.ShouldBe(_a.Key);
        using var found = JsonDocument.Parse(attested.Data.ShouldNotBeNull());
        found.RootElement.GetProperty("legacySignature").GetString().ShouldBe(OldSignature + '1');
        found.RootElement.GetProperty("legacyChain").EnumerateArray().Single().GetString().ShouldBe(new string('c', 64));
        found.RootElement.GetProperty("legacyLastTransferred").GetDateTimeOffset().ShouldBeLessThan(attested.CreatedAt);
        verified.History.Operations.Values.ShouldHaveSingleItem().Kind.ShouldBe("attest");
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_run_finds_none()
    {
        await OldCardAsync('1');
        await OldCardAsync('2');
        (await AttestAsync()).ShouldBe(2);

        (await AttestAsync()).ShouldBe(0);

        (await _world.Database.ScalarAsync<long>(TestRole.App, "select count(*) from summoners_grid.ownership_history")).ShouldBe(2);
    }

    [Fact]
    public async Task A_card_of_the_current_format_is_left_alone()
    {
        var card = (await _world.MintAsync(_a, 1))[0];

        (await AttestAsync()).ShouldBe(0);

        (await _world.Get<OwnershipHistory>().ReadAsync(card))!.Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_attested_card_changes_hands_like_any_other()
    {
        var card = await OldCardAsync('1');
        await AttestAsync();

        await _world.TransferAsync(card, _a, _b);

        (await _world.Get<OwnershipHistory>().VerifyAsync(card))!.Value.Verdict.ShouldBe(new CardVerdict.Intact(2));
    }

    [Fact]
    public async Task A_card_with_a_damaged_history_is_left_as_it_is_and_verify_names_it()
    {
        var card = (await _world.MintAsync(_a, 1))[0];
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.card_instances set signature = '{OldSignature}x' where id = '{card}'"
        );

        (await AttestAsync()).ShouldBe(0);

        (await _world.Get<OwnershipHistory>().ReadAsync(card))!.Events.Count.ShouldBe(1);
        (await _world.BreachesAsync()).ShouldHaveSingleItem().Breach.Key.ShouldBe(card.ToString());
    }

    [Fact]
    public async Task A_card_whose_history_was_removed_is_not_taken_for_an_old_one()
    {
        var card = (await _world.MintAsync(_a, 1))[0];
        await _world.Database.ExecuteAsync(TestRole.Superuser, $"delete from summoners_grid.ownership_history where card_instance_id = '{card}'");

        (await AttestAsync()).ShouldBe(0);

        (await _world.BreachesAsync()).ShouldContain(b => b.Breach.Key == card.ToString());
    }

    [Fact]
    public async Task A_card_that_cannot_be_attested_is_left_to_verify_and_holds_up_no_other()
    {
        // Fractions have no one spelling, so nothing can be signed over them.
        var odd = await OldCardAsync('1', uniqueStats: """{"attack": 1.5}""");
        var plain = await OldCardAsync('2');

        (await AttestAsync()).ShouldBe(1);

        (await _world.Get<OwnershipHistory>().VerifyAsync(plain))!.Value.Verdict.ShouldBe(new CardVerdict.Intact(1));
        (await _world.BreachesAsync()).ShouldHaveSingleItem().Breach.Key.ShouldBe(odd.ToString());
    }

    private async Task<Guid> OldCardAsync(char last, string? uniqueStats = null) =>
        await _world.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            $"""
            insert into summoners_grid.card_instances
              (template_id, owner_id, unique_stats, signature, signature_chain, acquired_method, created_at, last_transferred)
            values ('alpha-001', '{_a.Key}', {(uniqueStats is null ? "null" : $"'{uniqueStats}'")}, '{OldSignature}{last}',
              array[repeat('c', 64)], 'pack_opening', now() - interval '2 years', now() - interval '1 year')
            returning id
            """
        );

    /// <summary>From the beginning to the end, as the migration runner does it; how many cards were attested.</summary>
    private async Task<long> AttestAsync()
    {
        var (changed, step) = (0L, new DataMigrationStep(null, 0, Done: false));
        while (!step.Done)
        {
            step = await _world.Get<AttestLegacySignatures>().StepAsync(step.Progress, TestContext.Current.CancellationToken);
            changed += step.Changed;
        }
        return changed;
    }
}
