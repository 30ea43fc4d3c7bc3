using Gamekeeper.Caching.Warming;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>Puts the hundred templates that are used most into the cache.</summary>
public sealed class WarmPopularTemplates(CardTemplateRepository templates) : ICacheWarmer
{
    private const int Most = 100;

    /// <inheritdoc />
    public string Name => "summoners_grid.popular-templates";

    /// <inheritdoc />
    public async Task<int> WarmAsync(CancellationToken cancellationToken)
    {
        var popular = await templates.MostUsedAsync(Most, cancellationToken);
        // Each under its own ticket: a value that was read before the ticket was taken may be older than a write that nobody told it of.
        foreach (var template in popular)
            await templates.FindAsync(template.Id, cancellationToken);
        return popular.Count;
    }
}
