using System.Text;
using System.Text.Json;

namespace Gamekeeper.SummonersGrid.Cards.Import;

/// <summary>
/// What is wrong with a record wherever it stands in it: bytes that are no UTF-8, text that jsonb cannot hold, a member given twice
/// (of which jsonb would keep the last without a word), documents within documents without end.
/// </summary>
internal static class DocumentCheck
{
    /// <summary>How deep a record may be nested.</summary>
    public const int MaxDepth = 64;

    public static void Ensure(RawRecord record)
    {
        var reader = new Utf8JsonReader(record.Json, new JsonReaderOptions { MaxDepth = 1000 });
        var path = new Stack<Level>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    StepInArray(path);
                    if (path.Count == MaxDepth)
                        throw Refuse(record, reader, path, $"is nested more than {MaxDepth} deep");
                    path.Push(new Level(reader.TokenType == JsonTokenType.StartArray));
                    break;
                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    path.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    var name = Decode(record, reader, path);
                    var level = path.Peek();
                    level.Member = name;
                    if (!level.Members.Add(name))
                        throw Refuse(record, reader, path, "is given twice");
                    break;
                case JsonTokenType.String:
                    StepInArray(path);
                    Decode(record, reader, path);
                    break;
                default:
                    StepInArray(path);
                    break;
            }
        }
    }

    private static void StepInArray(Stack<Level> path)
    {
        if (path.TryPeek(out var level) && level.IsArray)
            level.Index++;
    }

    private static string Decode(RawRecord record, in Utf8JsonReader reader, Stack<Level> path)
    {
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The one way in which a well-formed token fails to become a string: not UTF-8, or half a surrogate pair.
            throw Refuse(record, reader, path, "holds bytes that are no UTF-8, or half of a surrogate pair");
        }
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw Refuse(record, reader, path, "holds the character \\u0000, which cannot be stored")
            : text;
    }

    private static RefusedRecordException Refuse(RawRecord record, in Utf8JsonReader reader, Stack<Level> path, string problem)
    {
        var line = record.Line + record.Json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
        var spelled = new StringBuilder();
        foreach (var level in path.Reverse())
            spelled.Append(level.IsArray ? $"[{level.Index}]" : spelled.Length > 0 ? $".{level.Member}" : level.Member);
        return new RefusedRecordException(line, spelled.Length > 0 ? spelled.ToString() : null, problem);
    }

    private sealed class Level(bool isArray)
    {
        public bool IsArray { get; } = isArray;
        public int Index { get; set; } = -1;
        public string Member { get; set; } = "";
        public HashSet<string> Members { get; } = new(StringComparer.Ordinal);
    }
}
