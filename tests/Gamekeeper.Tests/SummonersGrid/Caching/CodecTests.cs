using System.Security.Cryptography;
using Gamekeeper.Accounts;
using Gamekeeper.Caching.Levels;
using Gamekeeper.Caching.Values;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Leaderboards;
using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.SummonersGrid.Trading;

namespace Gamekeeper.Tests.SummonersGrid.Caching;

/// <summary>What is written is what is read, for thousands of made-up values of each kind; each member that may be absent is, now and then.</summary>
public sealed class CodecTests
{
    private const int Values = 2_000;

    [Fact]
    public void Players_come_back_as_they_were() => Check(new PlayerCodec(), NewPlayer);

    [Fact]
    public void Numbers_come_back_as_they_were() =>
        Check(
            new PlayerStatsCodec(),
            random => new PlayerStats(NewPlayer(random), random.Long(), random.Long())
        );

    [Fact]
    public void Templates_come_back_as_they_were() =>
        Check(
            new CardTemplateCodec(),
            random => new CardTemplate
            {
                Id = random.Text(),
                Name = random.Text(),
                Type = random.Text(),
                Rarity = random.Text(),
                Cost = random.Maybe(random.Text),
                Requirements = random.Maybe(random.Text),
                Effects = random.Maybe(random.Text),
                Attributes = random.Maybe(random.Text),
                Stats = random.Maybe(random.Text),
                FlavorText = random.Maybe(random.Text),
                ImageUrl = random.Maybe(random.Text),
            }
        );

    [Fact]
    public void Collections_come_back_as_they_were()
    {
        var words = new[] { "alpha-001", "alpha-002", "pack_opening", "gift", "" };
        Check(
            new CardCollectionCodec(),
            random =>
            {
                var owner = random.Id();
                var cards = Enumerable.Range(0, random.Next(0, 12)).Select(_ => new Card
                {
                    Id = random.Id(),
                    OwnerId = owner,
                    TemplateId = random.OneOf(words),
                    AcquiredMethod = random.OneOf(words),
                    UniqueStats = random.Maybe(random.Text),
                    Signature = random.Signature(),
                    Events = random.Int(),
                    CreatedAt = random.Instant(),
                    LastTransferred = random.MaybeValue(random.Instant),
                }).ToArray();
                return new CardCollection(owner, cards);
            },
            (read, written) =>
            {
                read.Owner.ShouldBe(written.Owner);
                read.Newest.ShouldBe(written.Newest);
            }
        );
    }

    [Fact]
    public void Decks_come_back_as_they_were() =>
        Check(
            new DeckCodec(),
            random => new Deck
            {
                Id = random.Id(),
                OwnerId = random.Id(),
                Name = random.Text(),
                Description = random.Maybe(random.Text),
                Format = random.Text(),
                SummonSlots = random.Text(),
                MainDeck = random.Ids(),
                AdvanceDeck = random.Ids(),
                IsValid = random.Bool(),
                ValidationErrors = random.Maybe(random.Text),
                IsPublic = random.Bool(),
                Version = random.Long(),
                CreatedAt = random.Instant(),
                UpdatedAt = random.Instant(),
            },
            (read, written) => read.ShouldBeEquivalentTo(written)
        );

    [Fact]
    public void Trades_come_back_as_they_were() =>
        Check(
            new OpenTradesCodec(),
            random => new OpenTrades([
                .. Enumerable.Range(0, random.Next(0, 4)).Select(_ => new Trade
                {
                    Id = random.Id(),
                    ProposerId = random.Id(),
                    TargetId = random.Id(),
                    OfferedCards = random.Ids(),
                    RequestedCards = random.Ids(),
                    Status = random.OneOf(Enum.GetValues<TradeStatus>()),
                    Message = random.Maybe(random.Text),
                    ExpiresAt = random.Instant(),
                    CompletedAt = random.MaybeValue(random.Instant),
                    CancellationReason = random.Maybe(random.Text),
                    OperationId = random.MaybeValue(random.Id),
                    CreatedAt = random.Instant(),
                }),
            ]),
            (read, written) =>
            {
                read.Newest.Count.ShouldBe(written.Newest.Count);
                foreach (var (now, before) in read.Newest.Zip(written.Newest))
                {
                    now.OfferedCards.ShouldBe(before.OfferedCards);
                    now.RequestedCards.ShouldBe(before.RequestedCards);
                    (now with { OfferedCards = [], RequestedCards = [] }).ShouldBe(before with { OfferedCards = [], RequestedCards = [] });
                }
            }
        );

    [Fact]
    public void Matches_come_back_as_they_were() =>
        Check(
            new MatchCodec(),
            random => new Match
            {
                Id = random.Id(),
                GameId = random.Text(),
                GameMode = random.Text(),
                Format = random.Text(),
                PlayerAId = random.Id(),
                PlayerBId = random.Id(),
                WinnerId = random.MaybeValue(random.Id),
                Status = random.OneOf(Enum.GetValues<MatchStatus>()),
                StartTime = random.Instant(),
                EndTime = random.MaybeValue(random.Instant),
                DurationSeconds = random.MaybeValue(random.Int),
                RatingChanges = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => new RatingChange(random.Id(), random.Int(), random.Int()))],
            },
            (read, written) =>
            {
                read.RatingChanges.ShouldBe(written.RatingChanges);
                (read with { RatingChanges = [] }).ShouldBe(written with { RatingChanges = [] });
            }
        );

    [Fact]
    public void Leaderboards_come_back_as_they_were() =>
        Check(
            new LeaderboardCodec(),
            random => new Leaderboard(
                random.OneOf(Enum.GetValues<LeaderboardType>()),
                [
                    .. Enumerable.Range(0, random.Next(0, 5)).Select(_ => new LeaderboardEntry(
                        random.Int(), random.Int(), random.Int(), random.Id(), random.Text(), random.Maybe(random.Text), random.Maybe(random.Text)
                    )),
                ],
                random.Instant()
            ),
            (read, written) =>
            {
                (read.Type, read.AsOf).ShouldBe((written.Type, written.AsOf));
                read.Entries.ShouldBe(written.Entries);
            }
        );

    [Fact]
    public void Sessions_come_back_as_they_were() =>
        Check(
            new FoundSessionCodec(),
            random => new FoundSession(
                random.Id(), [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Text())],
                random.MaybeValue(random.Instant), random.Bool(), random.Bool(), random.Instant()
            ),
            (read, written) =>
            {
                read.Roles.ShouldBe(written.Roles);
                (read with { Roles = [] }).ShouldBe(written with { Roles = [] });
            }
        );

    [Fact]
    public void A_catalogue_version_comes_back_as_it_was() => Check(new CatalogueVersionCodec(), random => new CatalogueVersion(random.Long()));

    [Fact]
    public void A_cached_card_takes_about_sixty_bytes()
    {
        var random = new Made(7);
        var cards = Enumerable.Range(0, 200).Select(i => new Card
        {
            Id = random.Id(),
            OwnerId = Guid.Empty,
            TemplateId = $"alpha-{i % 132:000}",
            AcquiredMethod = "pack_opening",
            Signature = new CardSignature("k1", RandomNumberGenerator.GetBytes(32)).ToString(),
            Events = 1,
            CreatedAt = random.Instant(),
        }).ToArray();

        SecondLevelValue.Write(new CardCollectionCodec(), new CardCollection(Guid.Empty, cards), DateTimeOffset.UnixEpoch).Length.ShouldBeLessThan(200 * 72);
    }

    private static Player NewPlayer(Made random) =>
        new()
        {
            Id = random.Id(),
            Username = random.Text(),
            DisplayName = random.Maybe(random.Text),
            AvatarUrl = random.Maybe(random.Text),
            Level = random.Int(),
            Experience = random.Int(),
            Rating = random.Int(),
            PeakRating = random.Int(),
            TotalGames = random.Int(),
            GamesWon = random.Int(),
            IsActive = random.Bool(),
            FrozenAt = random.MaybeValue(random.Instant),
            CreatedAt = random.Instant(),
        };

    private static void Check<TValue>(CacheCodec<TValue> codec, Func<Made, TValue> make, Action<TValue, TValue>? same = null)
        where TValue : class
    {
        for (var seed = 0; seed < Values; seed++)
        {
            var value = make(new Made(seed));
            var bytes = SecondLevelValue.Write(codec, value, DateTimeOffset.UnixEpoch);
            var read = SecondLevelValue.Read(codec, bytes)!.Value!;
            if (same is null)
                read.ShouldBe(value, $"seed {seed}");
            else
                same(read, value);
            // Cut short it is refused and never half a value.
            var cut = bytes[..^(1 + (seed % (bytes.Length - 9)))];
            Should.Throw<FormatException>(() => SecondLevelValue.Read(codec, cut));
        }
    }

    /// <summary>Made-up members, the same for a seed each time.</summary>
    private sealed class Made(int seed)
    {
        private static readonly string[] Pieces = ["a", "Ω", "日本", "🜁", "\"", "{", "}", "\x1e", " ", "longer text with words in it", "\n"];
        private readonly Random _random = new(seed);

        public int Next(int least, int below) => _random.Next(least, below);

        public bool Bool() => _random.Next(2) == 0;

        public int Int() => _random.Next(4) switch { 0 => 0, 1 => int.MaxValue, 2 => _random.Next(100), _ => _random.Next() };

        public long Long() => _random.Next(4) switch { 0 => 0, 1 => long.MaxValue, 2 => _random.Next(100), _ => _random.NextInt64() };

        public Guid Id()
        {
            var bytes = new byte[16];
            _random.NextBytes(bytes);
            return new Guid(bytes);
        }

        public Guid[] Ids() => [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Id())];

        // As PostgreSQL keeps them: whole microseconds.
        public DateTimeOffset Instant() => new(_random.NextInt64(0, DateTimeOffset.MaxValue.Ticks / 10) * 10, TimeSpan.Zero);

        public string Text() => string.Concat(Enumerable.Range(0, _random.Next(6)).Select(_ => OneOf(Pieces)));

        public T OneOf<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

        public string? Maybe(Func<string> make) => Bool() ? make() : null;

        public T? MaybeValue<T>(Func<T> make)
            where T : struct => Bool() ? make() : null;

        public string Signature()
        {
            var hash = new byte[32];
            _random.NextBytes(hash);
            var text = new CardSignature(OneOf(["k1", "key-2"]), hash).ToString();
            // One spelled otherwise, or of another format, must come back letter by letter.
            return _random.Next(4) switch { 0 => text.ToUpperInvariant(), 1 => $"legacy {Text()}", _ => text };
        }
    }
}
