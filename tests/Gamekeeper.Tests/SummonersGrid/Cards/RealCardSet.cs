using Gamekeeper.Tests.Rules;

namespace Gamekeeper.Tests.SummonersGrid.Cards;

/// <summary>A published game's cards, where someone has put them: they are not part of this project.</summary>
internal static class RealCardSet
{
    private const string FileName = "real-card-set.json";

    /// <summary>GAMEKEEPER_REAL_CARD_SET, or the file in a folder "data" of a folder beside the checkout; null when there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GAMEKEEPER_REAL_CARD_SET") is { Length: > 0 } named)
            return named;
        return new DirectoryInfo(Sources.Root)
            .Parent?.EnumerateDirectories()
            .Select(sibling => Path.Combine(sibling.FullName, "data", FileName))
            .FirstOrDefault(File.Exists);
    }
}
