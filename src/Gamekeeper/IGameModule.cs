namespace Gamekeeper;

/// <summary>Something that owns one PostgreSQL schema: the core itself, or a game.</summary>
public interface ISchemaOwner
{
    /// <summary>The schema, in snake_case; a constant of the code, never input.</summary>
    static abstract string Schema { get; }
}

/// <summary>
/// One game. Everything cross-cutting (migrate, verify, seed, schedule, catalogue) walks what the game registers here, so a new game
/// gets all of it by implementing this interface.
/// </summary>
public interface IGameModule : ISchemaOwner
{
    /// <summary>States what the game brings: migrations, catalogue, invariants, jobs, seeds.</summary>
    static abstract void Register(ModuleRegistration module);
}
