namespace Gamekeeper.Tests.Rules;

/// <summary>Files that are printed by the code itself, checked in, and read as a diff when they change.</summary>
internal static class Accepted
{
    private const string Variable = "GAMEKEEPER_ACCEPT";

    public static void Compare(string path, string printed)
    {
        var file = Path.Combine(Sources.Root, path);
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, printed);
            return;
        }
        var accepted = File.Exists(file) ? File.ReadAllText(file) : "";
        if (accepted == printed)
            return;
        var (before, after) = (accepted.Split('\n'), printed.Split('\n'));
        var changes = before.Except(after).Select(l => "- " + l).Concat(after.Except(before).Select(l => "+ " + l)).Take(40);
        Assert.Fail($"{path} is not what the code says. Run the tests once with {Variable}=1 to write it, and review the diff.\n{string.Join('\n', changes)}");
    }
}
