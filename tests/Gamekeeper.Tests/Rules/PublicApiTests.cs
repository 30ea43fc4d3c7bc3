using System.Reflection;

namespace Gamekeeper.Tests.Rules;

public sealed class PublicApiTests
{
    public static TheoryData<string> Packed => [.. Sources.PackedAssemblies.Select(a => a.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Packed))]
    public void What_the_outside_may_call_is_what_was_reviewed(string assembly) =>
        Accepted.Compare($"src/{assembly}/PublicApi.txt", PublicApiPrinter.Print(Assembly.Load(assembly)));

    [Fact]
    public void Every_project_that_is_packed_is_printed() =>
        Sources
            .Tracked.Where(p => p.EndsWith(".csproj", StringComparison.Ordinal) && Sources.Read(p).Contains("<IsPackable>true", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension)
            .ShouldBe(Sources.PackedAssemblies.Select(a => a.GetName().Name), ignoreOrder: true);

    [Fact]
    public void A_class_is_sealed_or_made_to_be_derived_from() =>
        Sources
            .PackedAssemblies.SelectMany(a => a.GetExportedTypes())
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Select(t => t.FullName)
            .ShouldBeEmpty();
}
