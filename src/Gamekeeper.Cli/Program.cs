using Gamekeeper.Cli;

return await CommandLine.RunAsync(args);
