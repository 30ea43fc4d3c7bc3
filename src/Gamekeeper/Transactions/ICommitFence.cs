namespace Gamekeeper.Transactions;

/// <summary>Sees to it that no cache answers with what a commit made old, before the writer is told that it has committed.</summary>
internal interface ICommitFence
{
    /// <summary>Returns once nobody serves the values that the transaction made old as fresh.</summary>
    /// <param name="invalidated">What <see cref="ReadInvalidated"/> read; never empty.</param>
    /// <param name="cancellationToken">Ends the wait; the commit stands.</param>
    Task AfterCommitAsync(string invalidated, CancellationToken cancellationToken);

    /// <summary>The same for writers that died between their commit and that.</summary>
    Task BeforeReplayAsync(CancellationToken cancellationToken);
}
