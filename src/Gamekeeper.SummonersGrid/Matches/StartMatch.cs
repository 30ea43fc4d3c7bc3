using System.Text.Json;
using Gamekeeper.Auditing;
using Gamekeeper.Outbox;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Players;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Matches;

/// <summary>A match that begins.</summary>
/// <param name="GameId">The game server's own name for it, 1 to 100 characters; there is one match of a name.</param>
/// <param name="GameMode">Such as <c>ranked</c>, 1 to 50 characters.</param>
/// <param name="PlayerAId">One player.</param>
/// <param name="PlayerBId">Another player.</param>
/// <param name="Format">1 to 50 characters. Default <c>3v3</c>.</param>
public sealed record MatchStart(string GameId, string GameMode, Guid PlayerAId, Guid PlayerBId, string Format = "3v3")
{
    internal bool Describes(Match match) =>
        (match.GameId, match.GameMode, match.PlayerAId, match.PlayerBId, match.Format) == (GameId, GameMode, PlayerAId, PlayerBId, Format);

    internal Match Begun(Guid id, DateTimeOffset at) =>
        new()
        {
            Id = id,
            GameId = GameId,
            GameMode = GameMode,
            Format = Format,
            PlayerAId = PlayerAId,
            PlayerBId = PlayerBId,
            Status = MatchStatus.Active,
            StartTime = at,
            RatingChanges = [],
        };

    internal List<FieldError> Check()
    {
        var errors = new List<FieldError>();
        Check("gameId", GameId, Match.MaxGameIdLength);
        Check("gameMode", GameMode, Match.MaxModeLength);
        Check("format", Format, Match.MaxModeLength);
        if (PlayerAId == PlayerBId)
            errors.Add(new("playerBId", "is the same player as playerAId"));
        return errors;

        void Check(string field, string text, int most)
        {
            if (string.IsNullOrWhiteSpace(text) || text.EnumerateRunes().Count() > most)
                errors.Add(new(field, $"takes 1 to {most} characters, not all of them blank"));
            else if (text.Any(char.IsControl) || !text.IsStorable())
                errors.Add(new(field, "holds a control character, or half of one"));
        }
    }
}

/// <summary>What came of starting a match.</summary>
public abstract record StartMatchOutcome
{
    private StartMatchOutcome() { }

    /// <summary>It runs.</summary>
    /// <param name="Match">As it stands now.</param>
    /// <param name="IsReplay">True when it had been started before, with the same players, mode and format.</param>
    public sealed record Started(Match Match, bool IsReplay) : StartMatchOutcome;

    /// <summary>The input itself is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : StartMatchOutcome;

    /// <summary>There is no such player, or the account is closed.</summary>
    public sealed record UnknownPlayer(Guid Player) : StartMatchOutcome;

    /// <summary>Another match has this name.</summary>
    public sealed record GameIdTaken(string GameId) : StartMatchOutcome;
}

/// <summary>
/// Records that a match begins. Its name is what makes it the same one: starting it again gives the match that is there. A frozen player
/// may play; a freeze stops cards and not games.
/// </summary>
public sealed class StartMatch(GameDatabase database, PlayerRepository players, TimeProvider clock)
{
    private const string Verb = "match.start";

    /// <summary>For trusted parties only; the caller checks that. Safe to repeat.</summary>
    public async Task<StartMatchOutcome> RunAsync(Actor actor, MatchStart start, CancellationToken cancellationToken = default)
    {
        if (start.Check() is { Count: > 0 } errors)
            return new StartMatchOutcome.Invalid(errors);
        foreach (var player in new[] { start.PlayerAId, start.PlayerBId })
            if (!await players.EnsureAsync(player, cancellationToken))
                return new StartMatchOutcome.UnknownPlayer(player);
        try
        {
            return await WriteAsync(actor, start, cancellationToken);
        }
        catch (PostgresException failure) when (failure.ConstraintName == "game_sessions_game_id_key")
        {
            // Somebody started it between our look and our write. Now it is there to be found.
            return await WriteAsync(actor, start, cancellationToken);
        }
    }

    private Task<StartMatchOutcome> WriteAsync(Actor actor, MatchStart start, CancellationToken cancellationToken) =>
        database.WriteAsync<StartMatchOutcome>(
            actor,
            async (unit, ct) =>
            {
                unit.MarkRepeatable();
                var held = unit.Enqueue(new HoldPlayers([start.PlayerAId, start.PlayerBId]));
                var now = unit.Enqueue(new TransactionTime());
                if (await unit.FirstAsync(new FindMatchOfGame(start.GameId), ct) is { } earlier)
                    return unit.Refuse<StartMatchOutcome>(
                        start.Describes(earlier)
                            ? new StartMatchOutcome.Started(earlier, IsReplay: true)
                            : new StartMatchOutcome.GameIdTaken(start.GameId)
                    );
                if (held.Rows.FirstOrDefault(p => !p.IsActive) is { Id: var closed } && closed != Guid.Empty)
                    return unit.RefuseRecorded<SummonersGridModule, StartMatchOutcome>(
                        new StartMatchOutcome.UnknownPlayer(closed),
                        new Activity(Verb, closed.ToString(), RefusalCodes.UnknownPlayer)
                    );

                var match = start.Begun(Guid.CreateVersion7(clock.GetUtcNow()), now.Rows[0]);
                unit.Enqueue(new InsertMatch(match));
                var told = JsonSerializer.Serialize(new { playerA = match.PlayerAId, playerB = match.PlayerBId });
                unit.Enqueue(new WriteOutbox<SummonersGridModule>([new OutboxEvent("match.started", match.Id.ToString(), 1, told)]));
                unit.Enqueue(new WriteActivity<SummonersGridModule>(actor, new Activity(Verb, match.Id.ToString())));
                return new StartMatchOutcome.Started(match, IsReplay: false);
            },
            cancellationToken
        );
}
