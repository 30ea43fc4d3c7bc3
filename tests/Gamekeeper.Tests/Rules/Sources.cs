using System.Diagnostics;
using System.Reflection;

namespace Gamekeeper.Tests.Rules;

/// <summary>The project as the rules see it: its files and its assemblies.</summary>
internal static class Sources
{
    private static readonly Lazy<IReadOnlyList<string>> Listed = new(ListTracked);

    public static string Root { get; } = FindRoot();

    /// <summary>What is packed and used by others.</summary>
    public static IReadOnlyList<Assembly> PackedAssemblies { get; } =
        [.. new[] { "Gamekeeper", "Gamekeeper.SummonersGrid", "Gamekeeper.EmbeddedPostgres", "Gamekeeper.Operations" }.Select(Assembly.Load)];

    /// <summary>Everything below src/.</summary>
    public static IReadOnlyList<Assembly> ProductAssemblies { get; } =
        [.. PackedAssemblies, .. new[] { "Gamekeeper.Server", "Gamekeeper.Cli", "Gamekeeper.Simulation" }.Select(Assembly.Load)];

    /// <summary>Files under version control or about to be, with / between folders.</summary>
    public static IReadOnlyList<string> Tracked => Listed.Value;

    /// <summary>C# files below src/ with their text.</summary>
    public static IEnumerable<SourceFile> Code => CodeBelow("src/");

    public static IEnumerable<SourceFile> CodeBelow(string folder) =>
        Tracked.Where(p => p.StartsWith(folder, StringComparison.Ordinal) && p.EndsWith(".cs", StringComparison.Ordinal)).Select(p => new SourceFile(p, Read(p)));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gamekeeper.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Gamekeeper.slnx above {AppContext.BaseDirectory}.");
    }

    private static List<string> ListTracked()
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var paths = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        if (git.ExitCode != 0 || paths.Length == 0)
            throw new InvalidOperationException($"git ls-files ended with {git.ExitCode} and {paths.Length} files in {Root}.");
        return [.. paths.Where(p => File.Exists(Path.Combine(Root, p)))];
    }
}

/// <summary>One file.</summary>
/// <param name="Path">From the root, with / between folders.</param>
/// <param name="Text">Its text.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;
}
