using System.Net;
using System.Text;

namespace Gamekeeper.Tests.Server;

/// <summary>Documents that are taken as they are: settings, data of an event.</summary>
public sealed class DocumentTests : IAsyncLifetime
{
    private ServerWorld _world = null!;
    private Person _ann = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ServerWorld.CreateAsync();
        _ann = await _world.PlayerAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "settings.a")]
    [InlineData("""{"a":1,"\u0061":1}""", "settings.a")]
    [InlineData("""{"list":[{},{"b":{"c":1,"d":2,"c":3}}]}""", "settings.list[1].b.c")]
    public async Task A_member_that_stands_in_a_document_twice_is_refused_with_its_path(string settings, string path)
    {
        using var answer = await PatchAsync(settings);
        var problem = await answer.ProblemAsync(400, "request.wrong-type");
        problem.GetProperty("errors").GetProperty(path)[0].GetString().ShouldBe("stands there twice; which of the two is meant, nobody can say");
    }

    [Theory]
    [InlineData("""{"a":"x\u0000y"}""", "settings.a")]
    [InlineData("""{"a":["\ud800"]}""", "settings.a[0]")]
    public async Task Text_of_a_document_that_cannot_be_stored_is_refused_with_its_path(string settings, string path)
    {
        using var answer = await PatchAsync(settings);
        var problem = await answer.ProblemAsync(400, "request.wrong-type");
        problem.GetProperty("errors").GetProperty(path)[0].GetString().ShouldBe("takes text without NUL, in valid Unicode");
    }

    [Fact]
    public async Task The_same_name_in_two_objects_is_no_duplicate()
    {
        using var answer = await PatchAsync("""{"a":{"b":1},"c":[{"b":1},{"b":1}]}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private Task<HttpResponseMessage> PatchAsync(string settings) =>
        _ann.Client.PatchAsync("/v1/accounts/me", new StringContent($$"""{"settings":{{settings}}}""", Encoding.UTF8, "application/json"));
}
