using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Ownership;

public sealed class VerifyCardTests : IAsyncLifetime
{
    private readonly List<Actor> _owners = [];
    private GridWorld _world = null!;
    private Guid _card;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        for (var i = 0; i < 5; i++)
            _owners.Add(await _world.NewPlayerAsync());
        _card = (await _world.MintAsync(_owners[0], 1))[0];
        foreach (var (from, to) in _owners.Zip(_owners.Skip(1)))
            await _world.TransferAsync(_card, from, to);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_card_of_five_owners_is_verified_from_end_to_end_and_remembered_as_such()
    {
        (await _world.Get<OwnershipHistory>().ReadAsync(_card))!.VerifiedEvents.ShouldBe(0);

        var verified = (await _world.Get<OwnershipHistory>().VerifyAsync(_card))!.Value;

        verified.Verdict.ShouldBe(new CardVerdict.Intact(5));
        verified.History.Events.Select(e => e.NewOwnerId).ShouldBe(_owners.Select(o => o.Key));
        verified.History.SignatureChain.ShouldBe(verified.History.Events.SkipLast(1).Select(e => e.Signature.ToString()));
        (await _world.Get<OwnershipHistory>().ReadAsync(_card))!.VerifiedEvents.ShouldBe(5);
    }

    [Fact]
    public async Task With_one_row_altered_that_row_is_named_and_nothing_is_remembered()
    {
        var row = await _world.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            $"update summoners_grid.ownership_history set transfer_method = 'theft' where card_instance_id = '{_card}' and position = 3 returning id"
        );

        var verdict = (await _world.Get<OwnershipHistory>().VerifyAsync(_card))!.Value.Verdict;

        verdict.ShouldBeOfType<CardVerdict.Broken>().First.Key.ShouldBe(row.ToString());
        (await _world.Get<OwnershipHistory>().ReadAsync(_card))!.VerifiedEvents.ShouldBe(0);
    }
}
