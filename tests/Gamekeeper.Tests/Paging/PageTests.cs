using Gamekeeper.Paging;

namespace Gamekeeper.Tests.Paging;

public sealed class PageTests
{
    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 1, false)]
    [InlineData(3, 3, false)]
    [InlineData(4, 3, true)]
    public void One_row_more_than_shown_tells_that_a_next_page_exists(int read, int shown, bool hasNext)
    {
        var page = Page.From(Enumerable.Range(1, read).ToList(), new PageSize(3), last => $"after {last}");

        page.Count.ShouldBe(shown);
        page.HasNext.ShouldBe(hasNext);
        page.NextCursor.ShouldBe(hasNext ? "after 3" : null);
    }

    [Fact]
    public void A_query_that_forgot_its_limit_is_told() =>
        Should.Throw<ArgumentException>(() => Page.From(Enumerable.Range(1, 5).ToList(), new PageSize(3), _ => ""));

    [Fact]
    public void A_page_of_other_things_keeps_its_cursor()
    {
        var page = new Page<int>([1, 2], "next").Map(i => i * 10);

        page.Items.ShouldBe([10, 20]);
        page.NextCursor.ShouldBe("next");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(201)]
    [InlineData(1_000_000)]
    public void A_size_out_of_range_is_refused_with_the_limit_named(int asked)
    {
        PageSize.TryCreate(asked, out _, out var refusal).ShouldBeFalse();

        refusal.ShouldNotBeNull().Code.ShouldBe("paging.size-out-of-range");
        refusal.Message.ShouldContain("1 to 200");
        refusal.Message.ShouldContain(asked.ToString());
        Should.Throw<ArgumentOutOfRangeException>(() => new PageSize(asked));
    }

    [Fact]
    public void A_list_may_have_a_lower_limit_of_its_own()
    {
        PageSize.TryCreate(21, out _, out var refusal, limit: 20).ShouldBeFalse();
        refusal.ShouldNotBeNull().Message.ShouldContain("1 to 20.");
        PageSize.TryCreate(null, out var size, out _, limit: 20).ShouldBeTrue();
        size.Value.ShouldBe(20);
    }

    [Fact]
    public void Nobody_asking_gets_fifty()
    {
        PageSize.TryCreate(null, out var size, out _).ShouldBeTrue();

        size.Value.ShouldBe(50);
        size.RowsToRead.ShouldBe(51);
        default(PageSize).Value.ShouldBe(50);
    }

    [Fact]
    public void Forty_one_rows_by_twenty_make_three_pages()
    {
        var third = new OffsetPage<int>([41], new OffsetRequest(3), total: 41);

        third.TotalPages.ShouldBe(3);
        third.HasNext.ShouldBeFalse();
        third.HasPrev.ShouldBeTrue();
        new OffsetPage<int>([], new OffsetRequest(1), total: 0).ShouldSatisfyAllConditions(
            none => none.TotalPages.ShouldBe(0),
            none => none.HasNext.ShouldBeFalse(),
            none => none.HasPrev.ShouldBeFalse()
        );
        new OffsetPage<int>([], new OffsetRequest(2), total: 41).HasNext.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 20, "paging.page-out-of-range")]
    [InlineData(1, 0, "paging.size-out-of-range")]
    [InlineData(1, 101, "paging.size-out-of-range")]
    public void A_page_number_or_limit_out_of_range_is_refused(int page, int limit, string code)
    {
        OffsetRequest.TryCreate(page, limit, out _, out var refusal).ShouldBeFalse();

        refusal.ShouldNotBeNull().Code.ShouldBe(code);
        Should.Throw<ArgumentOutOfRangeException>(() => new OffsetRequest(page, limit));
    }

    [Fact]
    public void A_page_number_far_out_does_not_overflow()
    {
        OffsetRequest.TryCreate(int.MaxValue, 100, out var request, out _).ShouldBeTrue();

        request.Offset.ShouldBe((int.MaxValue - 1L) * 100);
        OffsetRequest.TryCreate(null, null, out var first, out _).ShouldBeTrue();
        (first.Page, first.Limit, first.Offset).ShouldBe((1, 20, 0L));
    }
}
