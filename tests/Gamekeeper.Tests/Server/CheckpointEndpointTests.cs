using System.Security.Cryptography;
using System.Text;
using Gamekeeper.Integrity.Checkpoints;
using Gamekeeper.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper.Tests.Server;

public sealed class CheckpointEndpointTests : IAsyncLifetime
{
    private ServerWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        // The scheduler makes the first one at the start, and none after that.
        _world = await ServerWorld.CreateAsync(new Dictionary<string, string?> { ["Gamekeeper:Jobs:Poll"] = "01:00:00" });
        await Soon.TrueAsync(
            async () => await _world.Database.ScalarAsync<bool>(TestRole.Superuser, "select exists (select from core.job_runs where job_name = 'core.checkpoints' and outcome = 'succeeded')"),
            "the scheduler made one"
        );
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Anyone_reads_them_newest_first_page_by_page_and_can_check_them()
    {
        for (var i = 0; i < 3; i++)
            await _world.Server.Services.GetRequiredService<MakeCheckpoint>().RunAsync();
        using var first = await _world.Anonymous.GetAsync("/v1/checkpoints?limit=2");
        var page = await first.JsonAsync();
        page.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("number").GetInt32()).ShouldBe([4, 3]);
        using var second = await _world.Anonymous.GetAsync($"/v1/checkpoints?limit=2&cursor={page.GetProperty("nextCursor").GetString()}");
        var rest = (await second.JsonAsync()).GetProperty("items").EnumerateArray().ToList();
        rest.Select(c => c.GetProperty("number").GetInt32()).ShouldBe([2, 1]);
        var last = rest[1];

        using var keys = await _world.Anonymous.GetAsync("/v1/integrity/keys");
        using var key = ECDsa.Create();
        key.ImportFromPem((await keys.JsonAsync()).GetProperty("items")[0].GetProperty("pem").GetString()!);
        var payload = Encoding.UTF8.GetBytes(last.GetProperty("payload").GetString()!);
        key.VerifyData(payload, Convert.FromHexString(last.GetProperty("signature").GetString()!), HashAlgorithmName.SHA256).ShouldBeTrue();
        last.GetProperty("hash").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(payload)));

        using var one = await _world.Anonymous.GetAsync("/v1/checkpoints/1");
        (await one.JsonAsync()).ToString().ShouldBe(last.ToString());
        using var none = await _world.Anonymous.GetAsync("/v1/checkpoints/5");
        await none.ProblemAsync(404, "checkpoints.unknown");
    }

    [Fact]
    public async Task Health_tells_when_the_newest_is_too_old_and_requests_are_still_served()
    {
        var operate = await _world.ServiceAsync("operate");
        await _world.Server.Services.GetRequiredService<MakeCheckpoint>().RunAsync();
        (await PartAsync(operate)).ShouldBe("healthy");

        await _world.Database.ExecuteAsync(
            TestRole.Owner,
            "alter table core.checkpoints disable trigger user; update core.checkpoints set created_at = created_at - interval '16 minutes'"
        );
        (await PartAsync(operate)).ShouldBe("degraded");
        using var ready = await _world.Anonymous.GetAsync("/health/ready");
        ((int)ready.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task Health_tells_of_a_transaction_that_keeps_its_rows_from_being_covered()
    {
        const string insert =
            """
            insert into summoners_grid.ownership_operations (sequence, kind, event_count, events_root, key_id, signature, actor_kind, created_at)
            values (nextval('summoners_grid.ownership_sequence'), 'mint', 1, sha256('r'), '00000000', sha256('a') || sha256('b'), 'system', now())
            """;
        var operate = await _world.ServiceAsync("operate");
        var make = _world.Server.Services.GetRequiredService<MakeCheckpoint>();
        await using var held = await _world.Database.OpenAsync(TestRole.Superuser);
        await using var transaction = await held.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand(insert, held))
            await command.ExecuteNonQueryAsync();
        await _world.Database.ExecuteAsync(TestRole.Superuser, insert);
        await make.RunAsync();
        (await PartAsync(operate)).ShouldBe("healthy", "it has only just begun");

        await _world.Database.ExecuteAsync(
            TestRole.Owner,
            "alter table core.checkpoints disable trigger user; update core.checkpoints set created_at = created_at - interval '16 minutes'"
        );
        await make.RunAsync();
        (await PartAsync(operate)).ShouldBe("degraded");

        await transaction.CommitAsync();
        await make.RunAsync();
        (await PartAsync(operate)).ShouldBe("healthy");
    }

    [Fact]
    public async Task A_folder_that_is_not_absolute_stops_the_start()
    {
        var refused = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() =>
            ServerHost.StartAsync(_world.Database.ConnectionString(TestRole.App), new Dictionary<string, string?> { ["Gamekeeper:Storage:Folder"] = "objects" }));
        refused.Message.ShouldContain("Gamekeeper:Storage:Folder");
    }

    private static async Task<string?> PartAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/health");
        return (await answer.JsonAsync()).GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "checkpoints").GetProperty("status").GetString();
    }
}
