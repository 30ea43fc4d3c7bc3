using Gamekeeper.Cli.Home;

namespace Gamekeeper.Tests.Cli;

public class SecretsTests
{
    [Fact]
    public void Twenty_who_ask_for_a_missing_secret_at_once_get_the_same()
    {
        using var folder = new Folder();

        var values = Enumerable.Range(0, 20).AsParallel().WithDegreeOfParallelism(20).Select(_ => new Secrets(folder.Path).MasterKey()).ToList();

        values.Distinct().Count().ShouldBe(1);
        Directory.GetFiles(folder.Path).Length.ShouldBe(1);
    }

    [Fact]
    public void An_empty_secret_is_not_made_anew()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, "master.key"), "");

        Should.Throw<GamekeeperException>(() => new Secrets(folder.Path).MasterKey()).Code.ShouldBe("configuration.invalid");
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gks-");

        public string Path => System.IO.Path.Combine(_parent.FullName, "secrets");

        public void Dispose() => _parent.Delete(recursive: true);
    }
}
