namespace Gamekeeper.Seeding;

/// <summary>Development data of one module. Deterministic and repeatable: a second run changes nothing. Never runs in production.</summary>
public interface ISeed
{
    /// <summary>Stable name, such as <c>summoners_grid.alpha-set</c>.</summary>
    string Name { get; }

    /// <summary>Writes what is missing and says what it did, such as "132 card templates: 0 inserted, 0 updated, 132 unchanged".</summary>
    Task<string> RunAsync(CancellationToken cancellationToken);
}
