namespace Gamekeeper.Accounts;

/// <summary>A key of a game server or tool, without its secret.</summary>
public sealed record ServiceKey(
    Guid Id,
    string Name,
    IReadOnlyList<string> Scopes,
    Guid? CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsed
);

/// <summary>What a service key may do. A player can do none of it.</summary>
public static class ServiceScopes
{
    /// <summary>Make cards and other items.</summary>
    public const string Mint = "mint";

    /// <summary>Give currency, packs, rewards.</summary>
    public const string Grant = "grant";

    /// <summary>Report results of matches.</summary>
    public const string Report = "report";

    /// <summary>Import templates.</summary>
    public const string Import = "import";

    /// <summary>Freeze, revoke, look into the trails.</summary>
    public const string Operate = "operate";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> All { get; } = [Mint, Grant, Report, Import, Operate];
}

/// <summary>What is asked for.</summary>
/// <param name="Name">What the key is for, 1 to 100 characters.</param>
/// <param name="Scopes">At least one of <see cref="ServiceScopes.All"/>.</param>
/// <param name="ExpiresAt">Until when; null for no end.</param>
public sealed record ServiceKeyInput(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null);

/// <summary>What became of a request for a key.</summary>
public abstract record CreateServiceKeyOutcome
{
    private CreateServiceKeyOutcome() { }

    /// <summary>There it is.</summary>
    /// <param name="Key">The key without its secret.</param>
    /// <param name="Text">What its holder presents; shown here once and kept nowhere.</param>
    public sealed record Created(ServiceKey Key, string Text) : CreateServiceKeyOutcome
    {
        /// <summary>Without the text.</summary>
        public override string ToString() => $"Created {Key.Id}";
    }

    /// <summary>Every field that is wrong, with what it takes.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : CreateServiceKeyOutcome;

    /// <summary>Only operators and the system make keys.</summary>
    public sealed record NotAllowed : CreateServiceKeyOutcome;
}

/// <summary>What a presented key is.</summary>
public abstract record FindServiceKeyOutcome
{
    private FindServiceKeyOutcome() { }

    /// <summary>Good.</summary>
    public sealed record Found(Guid Id, string Name, IReadOnlyList<string> Scopes) : FindServiceKeyOutcome;

    /// <summary>No key of ours, or not its secret.</summary>
    public sealed record Unknown : FindServiceKeyOutcome;

    /// <summary>Revoked.</summary>
    public sealed record Revoked : FindServiceKeyOutcome;

    /// <summary>Its time is over.</summary>
    public sealed record Expired : FindServiceKeyOutcome;
}
