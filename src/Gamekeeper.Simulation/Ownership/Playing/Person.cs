namespace Gamekeeper.Simulation.Ownership.Playing;

/// <summary>Somebody with a credential: a player, or the game with its service key.</summary>
/// <param name="name">The username.</param>
/// <param name="password">Null for the game, whose key does not run out.</param>
internal sealed class Person(string name, string? password)
{
    private volatile string? _token;

    public string Name { get; } = name;

    public string? Password { get; } = password;

    /// <summary>The account; empty for the game.</summary>
    public Guid Id { get; set; }

    public string? Token
    {
        get => _token;
        set => _token = value;
    }
}
