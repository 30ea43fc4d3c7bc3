namespace Gamekeeper.Simulation.Reads.Playing;

/// <summary>Somebody with an account, and a session of their own that nobody signs out.</summary>
internal sealed class Member(string name)
{
    // Tokens last fifteen minutes.
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(9);

    private string? _token;
    private long _since;

    public string Name => name;

    public Guid Id { get; private set; }

    public string Token => Volatile.Read(ref _token)!;

    /// <summary>Signs up and in.</summary>
    public async Task JoinAsync(Wire wire, CancellationToken cancellationToken)
    {
        // A sending without an answer may have made the account; signing in tells.
        await wire.AnsweredAsync(() => Wire.Message(HttpMethod.Post, "/v1/accounts", null, new { username = name, password = Password }), 0, cancellationToken);
        await RefreshAsync(wire, 0, cancellationToken);
    }

    /// <summary>Signs in anew before the token runs out.</summary>
    public async Task KeepAsync(Wire wire, int node, CancellationToken cancellationToken)
    {
        if (wire.Clock.GetElapsedTime(Volatile.Read(ref _since)) > GoodFor)
            await RefreshAsync(wire, node, cancellationToken);
    }

    /// <summary>One more session.</summary>
    public async Task<(Guid Session, string Token)> OpenAsync(Wire wire, int node, CancellationToken cancellationToken)
    {
        var answer = await wire.AnsweredAsync(() => Wire.Message(HttpMethod.Post, "/v1/sessions", null, new { login = name, password = Password }), node, cancellationToken);
        if (!answer.IsSuccess)
            throw new InvalidOperationException($"{name} could not sign in: {answer.Status} {answer.Code}.");
        Id = answer.Body.GetProperty("accountId").GetGuid();
        return (answer.Body.GetProperty("sessionId").GetGuid(), answer.Body.GetProperty("accessToken").GetString()!);
    }

    private async Task RefreshAsync(Wire wire, int node, CancellationToken cancellationToken)
    {
        var (_, token) = await OpenAsync(wire, node, cancellationToken);
        Volatile.Write(ref _token, token);
        Volatile.Write(ref _since, wire.Now);
    }

    // These servers live as long as the proof, and nothing else is on them.
    private string Password => $"the password of {name}";
}
