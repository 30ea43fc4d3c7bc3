using Gamekeeper.Integrity;

namespace Gamekeeper.Tests.Integrity;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b" : 1, "a" : [ true, null, "x" ] }""", """{"a":[true,null,"x"],"b":1}""")]
    [InlineData("""{"aa":1,"b":2}""", """{"aa":1,"b":2}""")]
    [InlineData("""{"z":{"y":-5,"x":{}}}""", """{"z":{"x":{},"y":-5}}""")]
    public void Members_are_sorted_and_white_space_is_gone(string given, string canonical) => CanonicalJson.Of(given).ShouldBe(canonical);

    [Fact]
    public void The_canonical_spelling_of_a_canonical_document_is_itself()
    {
        var once = CanonicalJson.Of("""{"é":"ü \" \\ \n €","list":[1,{"b":2,"a":1}]}""");
        CanonicalJson.Of(once).ShouldBe(once);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("1000000000000000")]
    [InlineData("99999999999999999999")]
    [InlineData("-9223372036854775808")]
    public void A_number_that_others_may_spell_otherwise_is_refused(string number) =>
        Should.Throw<ArgumentException>(() => CanonicalJson.Of($$"""{"n":{{number}}}"""));

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"x":{"a":1,"a":1}}""")]
    [InlineData("""{"a":"\u0000"}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    public void What_jsonb_would_change_or_refuse_is_refused(string json) => Should.Throw<ArgumentException>(() => CanonicalJson.Of(json));
}
