namespace Gamekeeper.Paging;

/// <summary>What came of reading a cursor that a caller handed back.</summary>
public abstract record CursorReading
{
    private CursorReading() { }

    /// <summary>It is ours and answers this question.</summary>
    /// <param name="Values">The sort values of the last row shown, in the order of the sort columns.</param>
    public sealed record Valid(IReadOnlyList<CursorValue> Values) : CursorReading;

    /// <summary>It cannot be used.</summary>
    /// <param name="Refusal">The published code and what to do.</param>
    public abstract record Refused(PagingRefusal Refusal) : CursorReading;

    /// <summary><c>paging.cursor-malformed</c>: this text was never a cursor, or was cut.</summary>
    public sealed record Malformed()
        : Refused(new PagingRefusal("paging.cursor-malformed", "This is not a cursor; hand back nextCursor exactly as it was given."));

    /// <summary><c>paging.cursor-altered</c>: changed on its way, or sealed under a key that is no longer in use.</summary>
    public sealed record Altered()
        : Refused(new PagingRefusal("paging.cursor-altered", "The cursor was changed or is no longer valid; begin the list anew without a cursor."));

    /// <summary><c>paging.cursor-other-question</c>: genuine, but of another list, filter or order.</summary>
    public sealed record OtherQuestion()
        : Refused(
            new PagingRefusal(
                "paging.cursor-other-question",
                "The cursor belongs to another list, filter or order; ask the same question with it, or begin anew without a cursor."
            )
        );

    /// <summary><c>paging.cursor-unsupported</c>: of a format that this version does not read.</summary>
    /// <param name="Version">The format it says to have.</param>
    public sealed record Unsupported(byte Version)
        : Refused(
            new PagingRefusal(
                "paging.cursor-unsupported",
                $"The cursor has format {Version}, which this server does not read; begin the list anew without a cursor."
            )
        );
}
