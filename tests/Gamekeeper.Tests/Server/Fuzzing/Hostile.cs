using System.Text;
using System.Text.Json.Nodes;

namespace Gamekeeper.Tests.Server.Fuzzing;

/// <summary>Inputs that a server must answer with a clear refusal, or take; never with a failure of its own.</summary>
internal static class Hostile
{
    /// <summary>For path and query, percent-encoded by whoever sends them. A NUL in the path is refused by Kestrel before any of us.</summary>
    public static readonly IReadOnlyList<string> Parameters =
    [
        "not-a-uuid",
        "01936f3e-5c1a-7000-8000",
        "{01936f3e-5c1a-7000-8000-2b1d5c9e7a10}",
        "00000000-0000-0000-0000-000000000000",
        "0",
        "-1",
        "1000000",
        "9223372036854775808",
        "99999999999999999999999999999999",
        "1.5",
        "NaN",
        "true",
        "null",
        "🃏🐉",
        "' or 1=1 --",
        "%",
        "..",
        "a b\tc",
        new string('x', 3000),
        "2026-13-45T99:99:99Z",
        "{\"a\":1}",
        "AQAAAAAAAAAAAAAAAAAAAA",
    ];

    /// <summary>Values in the place of a member.</summary>
    public static IEnumerable<JsonNode?> Members()
    {
        yield return null;
        yield return JsonValue.Create("");
        yield return JsonValue.Create("a\0b");
        yield return JsonValue.Create("🃏🐉👩‍👩‍👧");
        yield return JsonValue.Create(new string('x', 100_000));
        yield return JsonValue.Create("' or 1=1 --");
        yield return JsonValue.Create("01936f3e-5c1a-7000-8000-2b1d5c9e7a1");
        yield return JsonValue.Create(0);
        yield return JsonValue.Create(-1);
        yield return JsonValue.Create(1_000_000);
        yield return JsonValue.Create(decimal.Parse("99999999999999999999999", System.Globalization.CultureInfo.InvariantCulture));
        yield return JsonValue.Create(1.5);
        yield return JsonValue.Create(true);
        yield return new JsonArray();
        yield return new JsonArray(null, null);
        yield return new JsonArray([.. Enumerable.Range(0, 2000).Select(i => (JsonNode)i)]);
        yield return new JsonObject();
        yield return new JsonObject { ["unexpected"] = 1 };
    }

    /// <summary>The same as JSON text: what the writer of ours would not write.</summary>
    public static readonly IReadOnlyList<string> RawMembers =
    [
        "-9223372036854775808",
        "[-9223372036854775808]",
        "{\"a\":-9223372036854775808}",
        "{\"a\":9223372036854775808,\"b\":-9223372036854775809}",
        "1e999",
        "{\"a\":1e999}",
        "-0",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":[{\"b\":null,\"b\":null}]}",
        "[{\"a\":1,\"a\":1}]",
        "{\"a\":\"\\udc00\"}",
        "{\"\\udc00\":1}",
    ];

    /// <summary>Media types of a body that is well-formed itself.</summary>
    public static readonly IReadOnlyList<string> ContentTypes =
    [
        "text/plain",
        "application/json; charset=foo",
        "application/json; charset=utf-7",
        "application/json; charset=utf-16",
        "application/json; charset=\"utf-8\"",
        "application/json; charset=\"\"",
        "application/json; charset=utf-8; charset=foo",
        "application/json; boundary=x",
        "application/problem+json; charset=foo",
    ];

    /// <summary>Whole bodies, as bytes: not all of them are text.</summary>
    public static IEnumerable<byte[]> Bodies()
    {
        foreach (var text in (string[])["", " ", "null", "true", "5", "\"text\"", "[]", "[[]]", "[null]", "{", "{\"a\":", "{}", "{\"\":1}", "{\"a\":1,\"a\":2}", "{\"__proto__\":{}}", "nul", "{}{}", "// no\n{}"])
            yield return Encoding.UTF8.GetBytes(text);
        yield return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 5000)));
        yield return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5000)));
        yield return Encoding.UTF8.GetBytes("{\"a\":\"\\ud800\"}");
        yield return [0xff, 0xfe, 0x00];
        yield return [.. "{\"a\":\""u8, 0xc3, 0x28, .. "\"}"u8];
    }
}
