using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>Numbers from the first to the last, both included; in JSON <c>[first, last]</c>.</summary>
[JsonConverter(typeof(InJson))]
public readonly record struct NumberRange(long First, long Last)
{
    internal sealed class InJson : JsonConverter<NumberRange>
    {
        public override NumberRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<long[]>(ref reader, options) is [var first, var last] && first <= last
                ? new(first, last)
                : throw new JsonException("A range is [first, last].");

        public override void Write(Utf8JsonWriter writer, NumberRange value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.First);
            writer.WriteNumberValue(value.Last);
            writer.WriteEndArray();
        }
    }
}

/// <summary>Ranges in order, made of numbers that come in order.</summary>
internal sealed class NumberRanges
{
    public const long ReadTogether = 10_000;

    private readonly List<NumberRange> _ranges = [];

    public IReadOnlyList<NumberRange> All => _ranges;

    public void Add(long number)
    {
        if (_ranges.Count > 0 && number <= _ranges[^1].Last)
            return;
        if (_ranges.Count > 0 && number == _ranges[^1].Last + 1)
            _ranges[^1] = _ranges[^1] with { Last = number };
        else
            _ranges.Add(new(number, number));
    }

    /// <summary>What of a range is not among these ranges.</summary>
    public static IEnumerable<NumberRange> Gaps(NumberRange within, IEnumerable<NumberRange> ranges)
    {
        var next = within.First;
        foreach (var range in ranges)
        {
            if (range.Last < next)
                continue;
            if (range.First > within.Last)
                break;
            if (range.First > next)
                yield return new(next, range.First - 1);
            next = range.Last + 1;
        }
        if (next <= within.Last)
            yield return new(next, within.Last);
    }

    /// <summary>The same numbers in as few reads as is sensible: what lies closer than this is read together, with what lies between.</summary>
    public static IEnumerable<NumberRange> Spans(IEnumerable<NumberRange> inOrder, long closerThan = ReadTogether)
    {
        NumberRange? span = null;
        foreach (var range in inOrder)
        {
            if (span is { } open && range.First - open.Last <= closerThan)
            {
                span = open with { Last = Math.Max(open.Last, range.Last) };
                continue;
            }
            if (span is { } done)
                yield return done;
            span = range;
        }
        if (span is { } last)
            yield return last;
    }
}
