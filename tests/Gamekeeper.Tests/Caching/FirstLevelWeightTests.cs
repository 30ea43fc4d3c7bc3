using Gamekeeper.Caching;
using Gamekeeper.Caching.Levels;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Tests.Harness.SampleGame;

namespace Gamekeeper.Tests.Caching;

/// <summary>That the bound is one of memory, and not of what values would be elsewhere.</summary>
public sealed class FirstLevelWeightTests
{
    private const int Count = 2_000;

    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_small_number_weighs_what_it_takes() => ShouldWeighWhatItTakes(CachedCoin.Key, new CachedCoin(Id(), 17));

    [Fact]
    public void A_profile_weighs_what_it_takes() =>
        ShouldWeighWhatItTakes(
            SummonersGridCache.Profile,
            new Player
            {
                Id = Id(), Username = "wandering_summoner_4711", DisplayName = "Wandering Summoner", Level = 12, Experience = 40_000, Rating = 1500,
                PeakRating = 1600, TotalGames = 900, GamesWon = 450, IsActive = true, CreatedAt = Now,
            }
        );

    [Fact]
    public void A_collection_weighs_what_it_takes()
    {
        var owner = Id();
        var cards = Enumerable.Range(0, 200).Select(i => new Card
        {
            Id = Id(), TemplateId = $"template-{i % 100}", OwnerId = owner, Signature = $"0123abcd:{new string('7', 64)}", AcquiredMethod = "pack_opening", Events = 1, CreatedAt = Now,
        });
        ShouldWeighWhatItTakes(SummonersGridCache.Collection, new CardCollection(owner, [.. cards]));
    }

    [Fact]
    public void A_deck_weighs_what_it_takes() =>
        ShouldWeighWhatItTakes(
            SummonersGridCache.Deck,
            new Deck
            {
                Id = Id(), OwnerId = Id(), Name = "Fire and sword", Format = "three-versus-three",
                SummonSlots = """{"slot1": {"template": "a"}, "slot2": {"template": "b"}, "slot3": {"template": "c"}}""",
                MainDeck = [.. Enumerable.Range(0, 60).Select(_ => Id())], AdvanceDeck = [.. Enumerable.Range(0, 10).Select(_ => Id())],
                IsValid = true, IsPublic = true, Version = 1, CreatedAt = Now, UpdatedAt = Now,
            }
        );

    // What is allocated for it: the value as it is read, and all that keeping it takes. Counted on this thread alone, since other tests run
    // beside it, and over many of them, since dictionary and queue grow by leaps.
    private static void ShouldWeighWhatItTakes<TValue>(CacheKey<Guid, TValue> key, TValue value)
        where TValue : class
    {
        var level = new FirstLevel(long.MaxValue);
        var places = new Places<Guid, TValue>(key, level);
        var bytes = SecondLevelValue.Write(key.Codec, value, Now);
        var ids = Enumerable.Range(0, Count).Select(_ => Id()).ToArray();
        var loads = ids.Select(_ => new Load<TValue>(epoch: 1, LoadMode.Usual)).ToArray();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
            places.Keep(ids[i], loads[i], SecondLevelValue.Read(key.Codec, bytes)!.Value, keptAt: 0, endsAt: 10, bytes.Length);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        places.Held.ShouldBe(Count);
        ((double)level.Bytes / taken).ShouldBeInRange(0.6, 1.6, $"{bytes.Length} bytes encoded, {taken / Count} taken, {level.Bytes / Count} counted");
    }

    private static Guid Id() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
