namespace Gamekeeper.Tests.Server.Fuzzing;

public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20261120;

    [Fact]
    public async Task Whatever_is_sent_to_whatever_operation_the_answer_is_never_a_failure_of_ours()
    {
        await using var world = await ServerWorld.CreateAsync(withCards: true);
        var document = ApiDocument.Parse(await world.Anonymous.GetStringAsync("/openapi/v1.json"));
        var callers = new Dictionary<string, HttpClient>
        {
            ["anonymous"] = world.Anonymous,
            ["player"] = (await world.PlayerAsync()).Client,
            ["service"] = await world.ServiceAsync("mint", "grant", "report", "import"),
            ["operator"] = (await world.OperatorAsync()).Client,
        };
        var run = new FuzzRun(document, callers, Seed);
        await run.RunAsync(TestContext.Current.CancellationToken);

        var operations = document.Operations();
        output.WriteLine($"{run.Requests} requests to {operations.Count} operations as {callers.Count} callers, seed {Seed}; {run.Reached.Count} operations reached");
        run.Faults.Take(20).ShouldBeEmpty();
        operations.Where(o => !run.Reached.Contains(o.Id)).Select(o => o.ToString()).ShouldBeEmpty("never reached");
    }
}
