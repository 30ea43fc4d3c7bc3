using Gamekeeper.Benchmarks;

// Answers of the database go on where they arrive, without a hop to another thread: read by the runtime when the first socket is opened. It
// suits a process that never blocks and computes little between two statements. A caller who says otherwise is heard.
if (Environment.GetEnvironmentVariable(InlineCompletions.Variable) is null)
    Environment.SetEnvironmentVariable(InlineCompletions.Variable, "1");

return await BenchCommand.RunAsync(args, Console.Out, Console.Error);
