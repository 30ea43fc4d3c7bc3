using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>Reads one thing once and notes what was seen: of the thing, and of the session that was read with.</summary>
internal sealed class Reading(Wire wire, History history)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    public async Task RunAsync(ReadableThing thing, string path, ReadingSession session, int node, CancellationToken cancellationToken)
    {
        using var message = Wire.Message(HttpMethod.Get, path, session.Token);
        var answer = await wire.SendAsync(node, message, Within, cancellationToken);
        if (answer.Failure is { } failure)
        {
            history.Add(new Sending(answer.Began, answer.Ended, (byte)node, IsWrite: false, failure));
            return;
        }
        if (answer.Status == 401)
        {
            history.Add(new Seen(answer.Began, answer.Ended, session.Subject.Number, 1, (byte)node, answer.Source, IsSecond: false));
            return;
        }
        if (!answer.IsSuccess || thing.Value(answer) is not { } value)
        {
            history.Add(new Oddity(answer.Ended, node, $"GET {path}", $"{answer.Status} {answer.Body}"));
            return;
        }
        var seen = new Seen(answer.Began, answer.Ended, thing.Subject.Number, value, (byte)node, answer.Source, IsSecond: false);
        history.Add(seen);
        // Before its signing out had begun, there is nothing that the session could be wrong about.
        if (session.Subject.Begun > 0)
            history.Add(seen with { Subject = session.Subject.Number, Value = 0, IsSecond = true });
    }
}
