using Gamekeeper.Accounts.Import;
using Gamekeeper.Importing;

namespace Gamekeeper.SummonersGrid.Players.Import;

/// <summary>A player as another system knew one: the account, and the game's numbers.</summary>
internal sealed record ImportedPlayer(ImportedAccount Account)
{
    private const int MaxRating = 5000;
    // Of what goes on being counted; there must be room for that.
    private const int MaxCount = 1_000_000_000;

    public static IReadOnlyList<string> Members { get; } =
        [.. ImportedAccount.Members, "level", "experience", "rating", "peak_rating", "total_games", "games_won"];

    public int Level { get; private init; }

    public int Experience { get; private init; }

    public int Rating { get; private init; }

    public int PeakRating { get; private init; }

    public int TotalGames { get; private init; }

    public int GamesWon { get; private init; }

    public static ImportedPlayer Read(RecordReader record, DateTimeOffset now)
    {
        var rating = record.Integer("rating", 0, MaxRating) ?? 1000;
        var player = new ImportedPlayer(ImportedAccount.Read(record, now))
        {
            Level = record.Integer("level", 1, int.MaxValue) ?? 1,
            Experience = record.Integer("experience", 0, MaxCount) ?? 0,
            Rating = rating,
            PeakRating = record.Integer("peak_rating", 0, MaxRating) ?? rating,
            TotalGames = record.Integer("total_games", 0, MaxCount) ?? 0,
            GamesWon = record.Integer("games_won", 0, MaxCount) ?? 0,
        };
        if (record.IsGood && player.PeakRating < player.Rating)
            record.Refuse("peak_rating", "takes no less than rating");
        if (record.IsGood && player.GamesWon > player.TotalGames)
            record.Refuse("games_won", "takes no more than total_games");
        return player;
    }
}
