using Gamekeeper.Cli.Output;
using Gamekeeper.Migrations;

namespace Gamekeeper.Cli.Databases;

/// <summary>Tells what the runner does, in the order it does it: one bar for the whole, a line for whatever a person should know.</summary>
internal sealed class MigrationReport(IStepReport steps, int total) : IProgress<MigrationEvent>
{
    private readonly IStep _all = steps.Begin("Migrations");
    private int _done;

    public void Report(MigrationEvent value)
    {
        switch (value)
        {
            case MigrationEvent.Applied:
                _all.Advance(++_done, total);
                if (_done == total)
                    _all.End($"{total} applied");
                break;
            case MigrationEvent.Progressed bite:
                _all.Note($"{bite.Schema}/{bite.Name}: {bite.Changed} rows so far");
                break;
            case MigrationEvent.WaitingForRunner waiting:
                _all.Note($"waiting for another runner: {waiting.Holder}");
                break;
            case MigrationEvent.LockedOut locked:
                _all.Note($"{locked.Schema}/{locked.Name}: no lock on attempt {locked.Attempt} ({locked.Reason}); it runs again");
                break;
            case MigrationEvent.InvalidIndexDropped index:
                _all.Note($"{index.Schema}/{index.Name}: dropped the invalid index {index.Index} of an earlier try");
                break;
            case MigrationEvent.UnknownToThisCode unknown:
                _all.Note($"the history names {unknown.Schema}/{unknown.Name}, which this version does not have");
                break;
            case MigrationEvent.Started or MigrationEvent.TakenBack:
                break;
        }
    }
}
