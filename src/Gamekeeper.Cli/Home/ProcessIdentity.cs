using System.Globalization;

namespace Gamekeeper.Cli.Home;

/// <summary>
/// A process that can be told from a later one with the same number: Linux reuses numbers, but not with the same start time.
/// </summary>
/// <param name="Id">The process number.</param>
/// <param name="StartedAt">In clock ticks since the machine started, as /proc tells it.</param>
internal sealed record ProcessIdentity(int Id, long StartedAt)
{
    /// <summary>Null when there is no such process, or only what is left of one until its parent takes notice.</summary>
    public static ProcessIdentity? Of(int id) => StatOf(id) is { State: not ('Z' or 'X') } stat ? new ProcessIdentity(id, stat.StartedAt) : null;

    /// <summary>The same process is still there.</summary>
    public bool IsAlive => Of(Id) == this;

    private static (char State, long StartedAt)? StatOf(int id)
    {
        try
        {
            // The second field is the name in parentheses and may hold anything, so counting begins after the last one.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
