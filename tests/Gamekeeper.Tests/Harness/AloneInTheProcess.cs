namespace Gamekeeper.Tests.Harness;

/// <summary>Runs when no other test does: what measures the memory of the process, or wants the machine to itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone";
}
