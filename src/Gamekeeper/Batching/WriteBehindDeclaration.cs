using Gamekeeper.Transactions;

namespace Gamekeeper.Batching;

/// <summary>One kind of row that is written behind its callers' backs.</summary>
internal sealed class WriteBehindDeclaration<TRow>
{
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names it.</exception>
    public WriteBehindDeclaration(WriteBehindOptions options, Func<TRow, string> keyOf, Func<UnitOfWork, IReadOnlyList<TRow>, CancellationToken, Task> write, Func<Actor> actor)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        (Options, KeyOf, Write, Actor) = (options, keyOf, write, actor);
    }

    public WriteBehindOptions Options { get; }

    public Func<TRow, string> KeyOf { get; }

    public Func<UnitOfWork, IReadOnlyList<TRow>, CancellationToken, Task> Write { get; }

    public Func<Actor> Actor { get; }
}
