using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Batching;

/// <summary>Declares what is written behind its callers' backs.</summary>
public static class WriteBehindRegistration
{
    /// <summary>
    /// Rows of this type may be lost, and are written by <see cref="WriteBehind{TRow}"/>, which the host hands out and runs.
    /// </summary>
    /// <param name="services">Of the host; a module's are <see cref="ModuleRegistration.Services"/>.</param>
    /// <param name="options">Name, and what may be lost.</param>
    /// <param name="keyOf">What a row is about; a later one takes the place of one that waits. An id of the row's own keeps all of them.</param>
    /// <param name="write">
    /// One set-based statement (<c>… from unnest($1, $2)</c>), safe to repeat, and indifferent to rows that come late. It is enqueued and not awaited, so
    /// that it shares a round trip with BEGIN and COMMIT.
    /// </param>
    /// <param name="actor">Who writes; null for the system.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names it.</exception>
    public static IServiceCollection AddWriteBehind<TRow>(
        this IServiceCollection services,
        WriteBehindOptions options,
        Func<TRow, string> keyOf,
        Func<UnitOfWork, IReadOnlyList<TRow>, CancellationToken, Task> write,
        Func<TimeProvider, Actor>? actor = null
    )
        where TRow : notnull
    {
        // Refused where it stands, not at the first use.
        _ = new WriteBehindDeclaration<TRow>(options, keyOf, write, static () => throw new InvalidOperationException());
        services.AddSingleton(provider =>
        {
            var clock = provider.GetRequiredService<TimeProvider>();
            return new WriteBehind<TRow>(
                provider.GetRequiredService<GameDatabase>(),
                provider.GetRequiredService<IWriteBehindQueue>(),
                new WriteBehindDeclaration<TRow>(options, keyOf, write, () => actor?.Invoke(clock) ?? Actor.System(clock)),
                clock,
                provider.GetRequiredService<ILogger<WriteBehind<TRow>>>()
            );
        });
        return services.AddSingleton<IWriteBehind>(provider => provider.GetRequiredService<WriteBehind<TRow>>());
    }
}
