using Gamekeeper.Privacy;

namespace Gamekeeper.Tests.Privacy;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("Mira@Example.COM", "mira@example.com")]
    [InlineData("  a.b_c%d+e-f@sub.example.co  ", "a.b_c%d+e-f@sub.example.co")]
    public void An_address_has_one_normal_form(string text, string normal)
    {
        EmailAddress.TryParse(text, out var address).ShouldBeTrue();
        address.Value.ShouldBe(normal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("a@b.c1")]
    [InlineData("a@b.c")]
    [InlineData("x@y.c|")]
    [InlineData("x@y.co|")]
    [InlineData("a b@example.com")]
    [InlineData("a@exam ple.com")]
    [InlineData("a@example.com\nb@example.com")]
    [InlineData("ä@example.com")]
    [InlineData("a@exämple.com")]
    [InlineData("\ud800@example.com")]
    public void What_is_no_address_is_refused(string? text) => EmailAddress.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void An_address_takes_254_characters_and_not_255()
    {
        EmailAddress.TryParse(new string('a', 242) + "@example.com", out _).ShouldBeTrue();
        EmailAddress.TryParse(new string('a', 243) + "@example.com", out _).ShouldBeFalse();
    }

    [Fact]
    public void An_address_prints_itself_masked() => EmailAddress.Parse("mira@example.com").ToString().ShouldBe("m***@***");
}
