namespace Gamekeeper.Redis;

/// <summary>
/// A command and its arguments, as in <c>new("SET", key, value, "EX", 60)</c>. Commands that block (BLPOP, WAIT), change the
/// connection (SELECT, AUTH, MULTI across sends) or subscribe do not belong here: the connection is everybody's.
/// </summary>
internal readonly struct RedisCommand(string name, params RedisArgument[] arguments)
{
    /// <summary>In capitals; a metric's tag.</summary>
    public string Name { get; } = name;

    public ReadOnlySpan<RedisArgument> Arguments => arguments;

    /// <summary>How long its caller waits for the answer, where that is shorter than <see cref="RedisOptions.CommandTimeout"/>; null for that.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>
    /// True: what goes on with the answer never blocks and takes no longer than the answer is long, so that it may run on the thread that
    /// read it, where the answer is small or nobody else waits for that thread. Waking another one takes as long as the answer itself.
    /// </summary>
    public bool GoesOnWhereRead { get; init; }

    /// <summary>Its name alone: arguments are keys and values, which belong in no log.</summary>
    public override string ToString() => Name;
}
