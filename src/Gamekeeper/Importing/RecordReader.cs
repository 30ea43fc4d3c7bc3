using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Gamekeeper.Importing;

/// <summary>
/// One record while its members are read. Each read says what the member takes; what does not fit is noted as a refusal, with the
/// value's shape and never the value, and reads as absent. All problems of a record are noted, ten at most.
/// </summary>
public sealed class RecordReader
{
    private const int MaxProblems = 10;
    private const int MaxDepth = 16;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<ImportRefusal> _problems = [];

    private RecordReader(long line) => Line = line;

    /// <summary>Where the record stands, from 1.</summary>
    public long Line { get; }

    /// <summary>Whether nothing was wrong so far.</summary>
    public bool IsGood => _problems.Count == 0;

    internal IReadOnlyList<ImportRefusal> Problems => _problems;

    internal static RecordReader Read(ImportLine line, IReadOnlyCollection<string> members)
    {
        var reader = new RecordReader(line.Number);
        if (line.IsTooLong)
            reader.Note(null, $"is longer than {ImportFile.MaxLineBytes} bytes", null);
        else if (!Utf8.IsValid(line.Bytes))
            reader.Note(null, "holds bytes that are no UTF-8", null);
        else
            reader.Take(line.Bytes, members);
        return reader;
    }

    /// <summary>A text; null when absent or null. Length counts characters as PostgreSQL does.</summary>
    public string? Text(string member, int max, bool required = false)
    {
        var rule = $"takes a text of 1 to {max} characters";
        if (!Find(member, required, rule, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String || Decode(value) is not { } text || text.EnumerateRunes().Count() is var length && (length < 1 || length > max))
            return Refuse<string>(member, rule);
        return text;
    }

    /// <summary>A whole number, written as a number; null when absent or null.</summary>
    public int? Integer(string member, int min, int max)
    {
        var rule = string.Create(CultureInfo.InvariantCulture, $"takes a whole number of {min} to {max}");
        if (!Find(member, required: false, rule, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        Refuse(member, rule);
        return null;
    }

    /// <summary>True or false; null when absent or null.</summary>
    public bool? Flag(string member)
    {
        const string rule = "takes true or false";
        if (!Find(member, required: false, rule, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Refuse(member, rule);
        return null;
    }

    /// <summary>A UUID in its usual form that is not all zeros; null when absent or null.</summary>
    public Guid? Id(string member)
    {
        const string rule = "takes a UUID such as 0198f6a2-5b1e-7c3a-9d4f-2a6b8c0d1e2f";
        if (!Find(member, required: false, rule, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String && Guid.TryParseExact(Decode(value), "D", out var id) && id != Guid.Empty)
            return id;
        Refuse(member, rule);
        return null;
    }

    /// <summary>An instant with its offset, from 1970 to <paramref name="now"/> and a day, to the microsecond; null when absent or null.</summary>
    public DateTimeOffset? Instant(string member, DateTimeOffset now)
    {
        const string rule = "takes an instant such as 2024-05-01T18:30:00Z, from 1970 and not in the future";
        if (!Find(member, required: false, rule, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String
            && Decode(value) is { Length: <= 40 } text
            // Year first: of 01/02/2024 nobody knows which is the month.
            && text is [_, _, _, _, '-', _, _, '-', _, _, 'T' or ' ', ..]
            && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && instant >= DateTimeOffset.UnixEpoch
            && instant <= now.AddDays(1))
            return new DateTimeOffset(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        Refuse(member, rule);
        return null;
    }

    /// <summary>A JSON object as its text; null when absent or null.</summary>
    public string? Json(string member)
    {
        const string rule = "takes a JSON object";
        if (!Find(member, required: false, rule, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object ? value.GetRawText() : Refuse<string>(member, rule);
    }

    /// <summary>Notes what is wrong with a member, with the shape of its value.</summary>
    /// <param name="member">Which; null for the record itself.</param>
    /// <param name="problem">What it takes; must not repeat the value.</param>
    public void Refuse(string? member, string problem) =>
        Note(member, problem, member is not null && _members.TryGetValue(member, out var value) ? Shape(value) : null);

    private T? Refuse<T>(string member, string problem)
        where T : class
    {
        Refuse(member, problem);
        return null;
    }

    private void Take(byte[] bytes, IReadOnlyCollection<string> members)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            Note(null, IsTooDeep(bytes) ? $"is nested more than {MaxDepth} deep" : "is no JSON object on one line", null);
            return;
        }
        if (root.ValueKind != JsonValueKind.Object)
        {
            Note(null, "is no JSON object", Shape(root));
            return;
        }
        foreach (var (name, value) in Properties(root))
        {
            // A name we do not know may be anything, an address too, and is not repeated.
            if (name is null || !members.Contains(name))
                Note(null, $"has a member that is not known; known are {string.Join(", ", members)}", Shape(value));
            else if (!_members.TryAdd(name, value))
                Note(name, "is given twice", null);
        }
    }

    // Seen by walking over what is well formed: the words of the failure are the framework's.
    private static bool IsTooDeep(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth)
                    return true;
        }
        catch (JsonException)
        {
            // The end of what is well formed.
        }
        return false;
    }

    private static IEnumerable<(string? Name, JsonElement Value)> Properties(JsonElement root)
    {
        foreach (var property in root.EnumerateObject())
        {
            string? name;
            try
            {
                name = property.Name;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair.
                name = null;
            }
            yield return (name, property.Value);
        }
    }

    private bool Find(string member, bool required, string rule, out JsonElement value)
    {
        if (_members.TryGetValue(member, out value) && value.ValueKind != JsonValueKind.Null)
            return true;
        // Of a record that is none, missing members are no news.
        if (required && (_members.Count > 0 || IsGood))
            Note(member, $"is missing; it {rule}", null);
        return false;
    }

    // Null for what cannot be stored: half of a surrogate pair, or U+0000.
    private static string? Decode(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Note(string? member, string problem, string? shape)
    {
        if (_problems.Count < MaxProblems)
            _problems.Add(new ImportRefusal(Line, member, problem, shape));
    }

    private static string Shape(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String when Decode(value) is { } text => string.Create(CultureInfo.InvariantCulture, $"a text of {text.Length} characters"),
            JsonValueKind.String => "a text that cannot be stored",
            JsonValueKind.Number => "a number",
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            JsonValueKind.Null => "null",
            _ => "true or false",
        };
}
