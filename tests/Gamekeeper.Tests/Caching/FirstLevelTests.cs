using Gamekeeper.Caching.Levels;
using Gamekeeper.Tests.Harness.SampleGame;

namespace Gamekeeper.Tests.Caching;

/// <summary>The memory of a process by itself.</summary>
public sealed class FirstLevelTests
{
    private const int Encoded = 100;
    private const int Weight = Entry.Overhead + 2 * Encoded;

    private readonly FirstLevel _level = new(maxBytes: 1 << 20);
    private readonly Places<Guid, CachedCoin> _places;

    public FirstLevelTests() => _places = new(CachedCoin.Key, _level);

    [Fact]
    public void It_is_bounded_by_bytes_and_what_is_read_stays()
    {
        var hot = Keep();
        for (var i = 0; i < 50_000; i++)
        {
            Keep();
            if (i % 100 == 0)
                IsHeld(hot).ShouldBeTrue();
        }

        _level.Bytes.ShouldBeLessThanOrEqualTo(1 << 20);
        _level.Bytes.ShouldBeGreaterThan((1 << 20) - 2 * Weight);
        _places.Held.ShouldBe((int)(_level.Bytes / Weight));
        _places.Counts.Read().Evicted.ShouldBe(50_001 - _places.Held);
    }

    [Fact]
    public void What_is_dropped_gives_its_room_back()
    {
        for (var i = 0; i < 200_000; i++)
            _places.Drop(Keep());

        (_level.Bytes, _places.Held).ShouldBe((0, 0));
    }

    [Fact]
    public void A_value_under_another_epoch_or_past_its_time_is_none()
    {
        var id = Keep();

        _places.TryGet(id, epoch: 2, now: 0, out _).ShouldBeFalse();
        _places.TryGet(id, epoch: 1, now: 10, out _).ShouldBeFalse();
        _places.TryGet(id, epoch: 1, now: 9, out _).ShouldBeTrue();
    }

    [Fact]
    public void What_was_dropped_while_it_was_loaded_is_not_kept()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var load = _places.Join(id, epoch: 1, out var isMine);
        isMine.ShouldBeTrue();

        _places.Drop(id);
        _places.Keep(id, load, new(id, 1), keptAt: 0, endsAt: 10, Encoded);

        IsHeld(id).ShouldBeFalse();
        _places.Join(id, epoch: 1, out isMine).ShouldNotBeSameAs(load);
        isMine.ShouldBeTrue();
    }

    private Guid Keep()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var load = _places.Join(id, epoch: 1, out _);
        _places.Keep(id, load, new(id, 1), keptAt: 0, endsAt: 10, Encoded);
        _places.Leave(id, load);
        return id;
    }

    private bool IsHeld(Guid id) => _places.TryGet(id, epoch: 1, now: 0, out _);
}
