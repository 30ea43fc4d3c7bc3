using Gamekeeper.Paging;

namespace Gamekeeper.Auditing;

/// <summary>A page of the audit, or why there is none.</summary>
public abstract record AuditReading<T>
{
    private AuditReading() { }

    /// <summary>The page, newest first; empty when nothing was found.</summary>
    public sealed record Found(Page<T> Page) : AuditReading<T>;

    /// <summary>The cursor cannot be used.</summary>
    public sealed record CursorRefused(PagingRefusal Refusal) : AuditReading<T>;
}
