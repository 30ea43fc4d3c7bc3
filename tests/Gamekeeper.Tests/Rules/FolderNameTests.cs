namespace Gamekeeper.Tests.Rules;

public sealed class FolderNameTests
{
    private static readonly string[] Drawers =
        ["Managers", "Helpers", "Utils", "Utilities", "Common", "Shared", "Services", "Models", "Interfaces", "Extensions", "Misc"];

    [Fact]
    public void No_folder_is_a_drawer() => Sources.Tracked.Where(IsInADrawer).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Gamekeeper/Helpers/Text.cs", true)]
    [InlineData("tests/Gamekeeper.Tests/common/Text.cs", true)]
    [InlineData("src/Gamekeeper/Paging/Page.cs", false)]
    public void A_planted_drawer_is_found(string path, bool isDrawer) => IsInADrawer(path).ShouldBe(isDrawer);

    private static bool IsInADrawer(string path) => path.Split('/')[..^1].Any(f => Drawers.Contains(f, StringComparer.OrdinalIgnoreCase));
}
