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
        // Whoever may do most is asked everything; the others, who are mostly refused at the door, a third of it.
        var runs = callers.Select((c, i) => new FuzzRun(document, c.Key, c.Value, c.Key is "operator" ? 1 : 3, Seed + i)).ToList();
        await Task.WhenAll(runs.Select(r => r.RunAsync(TestContext.Current.CancellationToken)));

        var operations = document.Operations();
        var reached = runs.SelectMany(r => r.Reached).ToHashSet();
        output.WriteLine(
            $"{runs.Sum(r => r.Requests)} requests to {operations.Count} operations as {runs.Count} callers, seed {Seed}; {reached.Count} operations reached"
        );
        runs.SelectMany(r => r.Faults).Take(20).ShouldBeEmpty();
        operations.Where(o => !reached.Contains(o.Id)).Select(o => o.ToString()).ShouldBeEmpty("never reached");
    }
}
