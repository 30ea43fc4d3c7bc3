using Gamekeeper.Paging;

namespace Gamekeeper.Server.Errors;

/// <summary>Refusals that the data layer has put into words already.</summary>
internal static class Refusals
{
    /// <summary>Fields of an input that do not keep to their limits.</summary>
    public static Refusal Fields(IReadOnlyList<FieldError> errors)
    {
        var byField = errors
            .GroupBy(e => Wire(e.Field), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(e => e.Problem).ToArray(), StringComparer.Ordinal);
        return new Refusal(RequestErrors.Invalid, string.Join("; ", byField.Select(e => $"{e.Key} {e.Value[0]}"))) { Errors = byField };
    }

    /// <summary>A page that was not given.</summary>
    public static Refusal Page(PagingRefusal refusal) => new(PagingErrors.Of(refusal.Code), refusal.Message);

    public static Refusal KeyReused() =>
        new(RequestErrors.KeyReused, "Take a new key for a new request; the same key gives the answer of the same request only.");

    // The data layer spells fields as its tables do; the wire is camelCase.
    private static string Wire(string field) =>
        field.Contains('_', StringComparison.Ordinal)
            ? string.Concat(field.Split('_').Select((word, i) => i == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]))
            : field;
}

/// <summary>Why a page of a list was not given.</summary>
internal static class PagingErrors
{
    public static readonly ErrorCode Size = new("paging.size-out-of-range", 400, "The page is larger or smaller than this list gives.");
    public static readonly ErrorCode Malformed = new("paging.cursor-malformed", 400, "The cursor was never one, or was cut.");
    public static readonly ErrorCode Altered = new("paging.cursor-altered", 400, "The cursor was changed, or is no longer valid.");
    public static readonly ErrorCode OtherQuestion = new("paging.cursor-other-question", 400, "The cursor belongs to another list, filter or order.");
    public static readonly ErrorCode Unsupported = new("paging.cursor-unsupported", 400, "The cursor has a format that this server does not read.");

    public static readonly ErrorCode[] All = [Size, Malformed, Altered, OtherQuestion, Unsupported];

    public static ErrorCode Of(string code) => All.FirstOrDefault(c => c.Code == code) ?? new(code, 400, "The page cannot be given.");
}
