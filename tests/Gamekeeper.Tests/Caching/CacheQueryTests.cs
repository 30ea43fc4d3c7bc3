using System.Globalization;
using Gamekeeper.Caching;

namespace Gamekeeper.Tests.Caching;

/// <summary>One question, one id; two questions, two.</summary>
public sealed class CacheQueryTests
{
    [Fact]
    public void The_order_of_parameters_and_what_is_not_given_make_no_difference()
    {
        var asked = CacheQuery.Of("cards", ("rarity", "rare"), ("size", 20), ("type", null));

        CacheQuery.Of("cards", ("size", 20), ("rarity", "rare")).ShouldBe(asked);
        CacheQuery.Of("cards", ("type", null), ("size", 20L), ("rarity", "rare")).GetHashCode().ShouldBe(asked.GetHashCode());
    }

    [Fact]
    public void Everything_else_does()
    {
        CacheQuery[] asked =
        [
            CacheQuery.Of("cards"),
            CacheQuery.Of("decks"),
            CacheQuery.Of("cards", ("a", "1")),
            CacheQuery.Of("cards", ("a", "2")),
            CacheQuery.Of("cards", ("b", "1")),
            CacheQuery.Of("cards", ("a", "")),
            CacheQuery.Of("cards", ("a", "1"), ("b", "2")),
            CacheQuery.Of("cards", ("a", "2"), ("b", "1")),
            // What joined texts would confuse.
            CacheQuery.Of("cards", ("a", "1b2")),
            CacheQuery.Of("cards", ("a1", "b2")),
            CacheQuery.Of("cardsa", ("1", "b2")),
            CacheQuery.Of("cards", ("a", "1,b=2")),
        ];

        asked.Distinct().Count().ShouldBe(asked.Length);
    }

    [Fact]
    public void Its_text_form_leads_back_to_it_as_the_key_of_a_cache_needs()
    {
        var asked = CacheQuery.Of("cards", ("since", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))), ("foil", true));
        var text = asked.ToString();

        text.ShouldMatch("^[0-9a-f]{64}$");
        CacheQuery.Parse(text, CultureInfo.InvariantCulture).ShouldBe(asked);
        CacheQuery.Of("cards", ("foil", true), ("since", new DateTimeOffset(2026, 1, 2, 1, 4, 5, TimeSpan.Zero))).ShouldBe(asked);
        CacheQuery.TryParse(text[1..], CultureInfo.InvariantCulture, out _).ShouldBeFalse();
        CacheQuery.TryParse("z" + text[1..], CultureInfo.InvariantCulture, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_cannot_be_told_apart_is_refused()
    {
        Should.Throw<ArgumentException>(() => CacheQuery.Of("cards", ("a", 1), ("b", 2), ("a", 3))).Message.ShouldContain("the parameter a twice");
        Should.Throw<ArgumentException>(() => CacheQuery.Of("cards", ("a", new List<int>()))).Message.ShouldContain("no text form");
    }
}
