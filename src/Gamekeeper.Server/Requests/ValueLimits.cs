using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// Checks one value against the limits that its declaration states and that the OpenAPI document shows; one source for both.
/// The answer names the limit and the shape of what was given, never the value itself.
/// </summary>
internal static class ValueLimits
{
    public static string? Problem(object? value, IEnumerable<object> limits)
    {
        foreach (var limit in limits)
        {
            var problem = limit switch
            {
                RequiredAttribute when value is null => "is required",
                StringLengthAttribute l when value is string text => Length(text, l.MinimumLength, l.MaximumLength),
                MinLengthAttribute l when value is ICollection list => Count(list.Count, l.Length, int.MaxValue),
                MaxLengthAttribute l when value is ICollection list => Count(list.Count, 0, l.Length),
                LengthAttribute l when value is ICollection list => Count(list.Count, l.MinimumLength, l.MaximumLength),
                RangeAttribute l when value is int or long => Range(Convert.ToInt64(value, CultureInfo.InvariantCulture), l),
                AllowedValuesAttribute l when value is not null && !l.Values.Contains(value) =>
                    $"takes one of {string.Join(", ", l.Values)}",
                AllowedEntriesAttribute l when value is IEnumerable<string?> list && list.Any(e => !l.Entries.Contains(e, StringComparer.Ordinal)) =>
                    $"takes entries of {string.Join(", ", l.Entries)}",
                RegularExpressionAttribute l when value is string text && !Matches(text, l) => $"takes text of the form {l.Pattern}",
                _ => null,
            };
            if (problem is not null)
                return problem;
        }
        return null;
    }

    // Characters as PostgreSQL counts them: code points, not UTF-16 units.
    private static string? Length(string text, int least, int most)
    {
        var length = text.EnumerateRunes().Count();
        return length >= least && length <= most ? null
            : least == 0 ? $"takes at most {most} characters; {length} were given"
            : $"takes {least} to {most} characters; {length} were given";
    }

    private static string? Count(int count, int least, int most) =>
        count >= least && count <= most ? null
        : most == int.MaxValue ? $"takes at least {least} entries; {count} were given"
        : $"takes {least} to {most} entries; {count} were given";

    private static string? Range(long value, RangeAttribute limit)
    {
        var least = Convert.ToInt64(limit.Minimum, CultureInfo.InvariantCulture);
        var most = Convert.ToInt64(limit.Maximum, CultureInfo.InvariantCulture);
        return value >= least && value <= most ? null : $"takes a whole number from {least} to {most}; {value} was given";
    }

    private static bool Matches(string text, RegularExpressionAttribute limit) =>
        Regex.IsMatch(text, limit.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
