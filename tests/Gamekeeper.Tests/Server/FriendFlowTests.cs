using System.Net;

namespace Gamekeeper.Tests.Server;

public sealed class FriendFlowTests : IAsyncLifetime
{
    private const string Friends = "/v1/summoners-grid/friends";

    private ServerWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ServerWorld.CreateAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Two_become_friends_and_part()
    {
        // Bob has never called the game.
        var (ann, bob) = (await _world.PlayerAsync(), await _world.PlayerAsync());
        (await StandingAsync(HttpMethod.Post, ann, $"{Friends}/{bob.Id}")).ShouldBe("asked");
        (await ListAsync(ann, "/outgoing")).ShouldBe([bob.Username]);
        (await ListAsync(bob, "/incoming")).ShouldBe([ann.Username]);
        (await StandingAsync(HttpMethod.Post, bob, $"{Friends}/{ann.Id}/accept")).ShouldBe("friends");
        (await ListAsync(ann)).ShouldBe([bob.Username]);
        (await ListAsync(bob)).ShouldBe([ann.Username]);
        (await StandingAsync(HttpMethod.Get, ann, $"{Friends}/{bob.Id}")).ShouldBe("friends");
        (await StandingAsync(HttpMethod.Delete, ann, $"{Friends}/{bob.Id}")).ShouldBe("none");
        (await ListAsync(bob)).ShouldBeEmpty();
        (await StandingAsync(HttpMethod.Post, bob, $"{Friends}/{ann.Id}/block")).ShouldBe("blocked");
        (await ListAsync(bob, "/blocked")).ShouldBe([ann.Username]);
        (await StandingAsync(HttpMethod.Post, ann, $"{Friends}/{bob.Id}")).ShouldBe("asked");
        (await ListAsync(bob, "/incoming")).ShouldBeEmpty();
        (await StandingAsync(HttpMethod.Delete, bob, $"{Friends}/{ann.Id}/block")).ShouldBe("asked-by");
        (await StandingAsync(HttpMethod.Post, bob, $"{Friends}/{ann.Id}/decline")).ShouldBe("none");
        await RefusedAsync(ann, $"{Friends}/{bob.Id}", 409, "friends.asked-too-soon");
        await RefusedAsync(bob, $"{Friends}/{ann.Id}/accept", 404, "friends.no-request");
        await RefusedAsync(ann, $"{Friends}/{ann.Id}", 400, "request.invalid");
        await RefusedAsync(ann, $"{Friends}/{Guid.CreateVersion7()}", 422, "players.unknown");
    }

    private static async Task<string?> StandingAsync(HttpMethod method, Person person, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await person.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.JsonAsync()).GetProperty("standing").GetString();
    }

    private static async Task<IEnumerable<string?>> ListAsync(Person person, string which = "")
    {
        using var answer = await person.Client.GetAsync(Friends + which);
        return (await answer.JsonAsync()).GetProperty("items").EnumerateArray().Select(f => f.GetProperty("username").GetString());
    }

    private static async Task RefusedAsync(Person person, string path, int status, string code)
    {
        using var answer = await person.Client.PostAsync(path, null);
        await answer.ProblemAsync(status, code);
    }
}
