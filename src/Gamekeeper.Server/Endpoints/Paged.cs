using System.ComponentModel;
using Gamekeeper.Paging;
using Gamekeeper.Server.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gamekeeper.Server.Endpoints;

/// <summary>One page of a list.</summary>
internal sealed record PageResponse<T>(
    IReadOnlyList<T> Items,
    [property: Description("Leads to the next page as `cursor`, with the same question; null at the end.")] string? NextCursor
);

/// <summary>Lists answer alike.</summary>
internal static class Paged
{
    /// <summary>Largest page of any list; stands in the limits of every `limit`.</summary>
    public const int MaxLimit = PageSize.Max;

    /// <summary>Longest cursor that is looked at.</summary>
    public const int MaxCursor = 2000;

    /// <summary>Which page is asked for; limits were checked when the parameters were.</summary>
    public static PageRequest Asked(int? limit, string? cursor) => new(limit is { } size ? new PageSize(size) : default, cursor);

    public static Results<Ok<PageResponse<TWire>>, Refusal> Answer<T, TWire>(PageOutcome<T> outcome, Func<T, TWire> toWire) =>
        outcome switch
        {
            PageOutcome<T>.Given given => TypedResults.Ok(new PageResponse<TWire>([.. given.Page.Items.Select(toWire)], given.Page.NextCursor)),
            PageOutcome<T>.Refused refused => Refusals.Page(refused.Refusal),
            _ => throw new System.Diagnostics.UnreachableException(outcome.GetType().Name),
        };
}
