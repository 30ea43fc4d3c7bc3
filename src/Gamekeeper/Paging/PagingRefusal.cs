namespace Gamekeeper.Paging;

/// <summary>Why a page was not given; what the caller asked for is at fault.</summary>
/// <param name="Code">The published code, such as <c>paging.size-out-of-range</c>.</param>
/// <param name="Message">What was asked and what is possible.</param>
public sealed record PagingRefusal(string Code, string Message);
