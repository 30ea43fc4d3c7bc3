using System.Text;

namespace Gamekeeper.Tests.SummonersGrid.Importing;

/// <summary>Files as a studio would bring them, with every hundredth record bad in a way of its own.</summary>
internal static class StudioFiles
{
    public const string Password = "correct horse 7";

    /// <summary>bcrypt of <see cref="Password"/>, cost 4.</summary>
    public const string Bcrypt = "$2a$04$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy";

    // Each with the member that is to be named, or none, and a word of the reason.
    private static readonly (string? Member, string Reason, Func<int, byte[]> Line)[] BadPlayers =
    [
        (null, "no JSON object on one line", i => Utf8($$"""{"username": "broken{{i}}" """)),
        ("username", "is missing", i => Utf8($$"""{"external_id": "missing-{{i}}"}""")),
        ("username", "takes 3 to 50", i => Utf8($$"""{"username": "no spaces {{i}}"}""")),
        ("username", "is that of an", i => Utf8("""{"username": "PLAYER1"}""")),
        ("email", "is that of an", i => Utf8($$"""{"username": "same-mail{{i}}", "email": "Player1@Example.com"}""")),
        ("email", "an @", i => Utf8($$"""{"username": "bad-mail{{i}}", "email": "jane.doe at example.com"}""")),
        ("password_hash", "known form", i => Utf8($$"""{"username": "md5-{{i}}", "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99"}""")),
        ("password_hash", "cost 31", i => Utf8($$"""{"username": "slow{{i}}", "password_hash": "{{Bcrypt.Replace("$04$", "$31$", StringComparison.Ordinal)}}"}""")),
        (null, "not known", i => Utf8($$"""{"username": "more{{i}}", "jane.doe@example.com": 1}""")),
        ("rating", "0 to 5000", i => Utf8($$"""{"username": "high{{i}}", "rating": 9000}""")),
        ("level", "whole number", i => Utf8($$"""{"username": "text-level{{i}}", "level": "7"}""")),
        ("games_won", "no more than total_games", i => Utf8($$"""{"username": "winner{{i}}", "total_games": 1, "games_won": 2}""")),
        (null, "no UTF-8", i => [.. Utf8($$"""{"username": "latin{{i}}", "display_name": "M"""), 0xFC, .. Utf8("ller\"}")]),
        (null, "longer than 65536", i => Utf8($$"""{"username": "long{{i}}", "display_name": "{{new string('x', 1024 * 1024)}}"}""")),
        (null, "16 deep", i => Utf8($$"""{"username": "deep{{i}}", "level": {{new string('[', 500)}}{{new string(']', 500)}}}""")),
        ("username", "given twice", i => Utf8($$"""{"username": "twice{{i}}", "username": "twice-{{i}}"}""")),
        ("id", "is that of an", i => Utf8($$"""{"username": "same-id{{i}}", "id": "{{Id(2)}}"}""")),
        ("external_id", "is that of an", i => Utf8($$"""{"username": "same-external{{i}}", "external_id": "old-3"}""")),
        ("created_at", "not in the future", i => Utf8($$"""{"username": "future{{i}}", "created_at": "2999-01-01T00:00:00Z"}""")),
        ("display_name", "takes a text", i => Utf8($$"""{"username": "zero{{i}}", "display_name": "a\u0000b"}""")),
    ];

    public static bool IsBad(int i) => i % 100 == 37;

    public static string Name(int i) => $"player{i}";

    /// <summary>Of every player whose number is even.</summary>
    public static Guid Id(int i) => new($"00000000-0000-7000-8000-{i:000000000000}");

    /// <summary>Players 1 to <paramref name="count"/>, one a line; what is bad, by line.</summary>
    public static Dictionary<long, (string? Member, string Reason)> WritePlayers(string path, int count)
    {
        var bad = new Dictionary<long, (string?, string)>();
        using var file = File.Create(path);
        for (var i = 1; i <= count; i++)
        {
            var (member, reason, line) = BadPlayers[i / 100 % BadPlayers.Length];
            if (IsBad(i))
                bad[i] = (member, reason);
            file.Write(IsBad(i) ? line(i) : Player(i));
            file.WriteByte((byte)'\n');
        }
        return bad;
    }

    /// <summary>Card i belongs to player (i modulo <paramref name="players"/>) + 1; owners are named in three ways.</summary>
    public static Dictionary<long, (string? Member, string Reason)> WriteCards(string path, int count, int players)
    {
        var bad = new Dictionary<long, (string?, string)>();
        using var file = File.Create(path);
        for (var i = 1; i <= count; i++)
        {
            var owner = i % players + 1;
            var (member, reason, line) = IsBad(owner)
                ? ("owner_username", "no player", $$"""{"owner_username": "{{Name(owner)}}", "template_id": "alpha-001"}""")
                : (i % 1000) switch
                {
                    11 => ("template_id", "no card template", $$"""{"owner_username": "{{Name(owner)}}", "template_id": "omega-1"}"""),
                    22 => (null, "takes one of", """{"template_id": "alpha-001"}"""),
                    33 => ("unique_stats", "whole", $$$"""{"owner_username": "{{{Name(owner)}}}", "template_id": "alpha-001", "unique_stats": {"attack": 1.5}}"""),
                    44 => ("id", "earlier record", $$"""{"owner_username": "{{Name(owner)}}", "template_id": "alpha-001", "id": "{{Id(43)}}"}"""),
                    _ => (null, "", Card(i, owner)),
                };
            if (reason.Length > 0)
                bad[i] = (member, i > 1000 && member == "id" ? "" : reason);
            file.Write(Utf8(line));
            file.WriteByte((byte)'\n');
        }
        return bad;
    }

    private static string Card(int i, int owner)
    {
        var named = (i % 3) switch
        {
            0 => $"\"owner_username\": \"{Name(owner).ToUpperInvariant()}\"",
            1 => $"\"owner_external_id\": \"old-{owner}\"",
            _ => owner % 2 == 0 ? $"\"owner_id\": \"{Id(owner)}\"" : $"\"owner_username\": \"{Name(owner)}\"",
        };
        var more = i == 43 ? $", \"id\": \"{Id(43)}\"" : "";
        if (i % 5 == 0)
            more += $", \"unique_stats\": {{\"attack\": {i}}}, \"signature\": \"{new string('a', 64)}\"";
        if (i % 2 == 0)
            more += ", \"acquired_method\": \"Booster Pack\", \"created_at\": \"2023-04-05T06:07:08.123456Z\"";
        return $"{{{named}, \"template_id\": \"alpha-{i % 132 + 1:000}\"{more}}}";
    }

    private static byte[] Player(int i)
    {
        var more = i % 2 == 0 ? $", \"id\": \"{Id(i)}\"" : "";
        if (i % 50 == 0)
            more += ", \"frozen\": true, \"frozen_reason\": \"chargeback\"";
        if (i % 70 == 0)
            more += ", \"is_active\": false";
        return Utf8(
            $$"""
            {"external_id": "old-{{i}}", "username": "{{Name(i)}}", "email": "player{{i}}@example.com", "email_verified": {{(i % 3 == 0 ? "true" : "false")}}, "display_name": "Spieler {{i}} ✓", "created_at": "2022-03-04T05:06:07+02:00", "level": {{i % 90 + 1}}, "experience": {{i * 10}}, "rating": {{i % 3000}}, "peak_rating": {{i % 3000 + 10}}, "total_games": {{i}}, "games_won": {{i / 2}}, "password_hash": "{{Bcrypt}}"{{more}}}
            """.Trim()
        );
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
