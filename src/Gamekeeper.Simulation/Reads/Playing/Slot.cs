using Gamekeeper.Simulation.Reads.Recording;

namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>A session that reads: 0 while it is good, 1 once it was signed out.</summary>
/// <param name="Subject">Of it.</param>
/// <param name="Id">Of the session.</param>
/// <param name="Token">To read with.</param>
internal sealed record ReadingSession(Subject Subject, Guid Id, string Token);

/// <summary>Somebody whose session is used by all readers, is signed out by another session of theirs, and followed by a new one.</summary>
internal sealed class Slot(Member member, Wire wire, History history, ReadingSession first) : Thing
{
    private ReadingSession _current = first;
    private ReadingSession? _former;

    public override Subject Subject => Current.Subject;

    /// <summary>The one to read with.</summary>
    public ReadingSession Current => Volatile.Read(ref _current);

    /// <summary>The one before, which nobody may take any more.</summary>
    public ReadingSession? Former => Volatile.Read(ref _former);

    public override HttpRequestMessage Spell(Written write) => Wire.Message(HttpMethod.Delete, $"/v1/sessions/{Current.Id}", member.Token);

    public override WriteEnd Read(Written write, WireAnswer answer) => answer.IsSuccess ? WriteEnd.Acknowledged : WriteEnd.Odd;

    public override async Task FollowAsync(int node, CancellationToken cancellationToken)
    {
        var next = await OpenAsync(member, wire, history, node, cancellationToken);
        Volatile.Write(ref _former, _current);
        Volatile.Write(ref _current, next);
    }

    public static async Task<ReadingSession> OpenAsync(Member member, Wire wire, History history, int node, CancellationToken cancellationToken)
    {
        var (session, token) = await member.OpenAsync(wire, node, cancellationToken);
        return new ReadingSession(history.Add(SubjectKind.Session, session), session, token);
    }
}
