using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gamekeeper.Accounts;

/// <summary>What the fields of an account take; each rule stands once here and once as a constraint.</summary>
internal static partial class AccountFields
{
    public const int SettingsMaxBytes = 16_384;
    public const string SettingsProblem = "takes a JSON object of at most 16 384 bytes in all, nothing deeper than 16 levels";

    // Names that would be taken for the house itself; the operator's account is made by a one-time code alone.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "admin", "administrator", "gamekeeper", "moderator", "operator", "root", "support", "system",
    };

    public static FieldError? Username(string? value) =>
        value is null || !UsernameFormat().IsMatch(value)
            ? new("username", "takes 3 to 50 letters (a to z), digits, dots, underscores or hyphens")
            : null;

    public static bool IsReserved(string username) => Reserved.Contains(username);

    public static FieldError? DisplayName(string? value) =>
        value is not null && (value.Length > 100 || string.IsNullOrWhiteSpace(value) || value.Any(char.IsControl) || !IsWellFormed(value))
            ? new("displayName", "takes 1 to 100 characters, no control characters, not only spaces")
            : null;

    public static FieldError? AvatarUrl(string? value) =>
        value is not null
        && (value.Length > 2048 || !Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
            ? new("avatarUrl", "takes an https address of at most 2048 characters")
            : null;

    public static FieldError? Settings(JsonElement? value)
    {
        if (value is not { } settings)
            return null;
        var tooLong = settings.ValueKind != JsonValueKind.Object || System.Text.Encoding.UTF8.GetByteCount(settings.GetRawText()) > SettingsMaxBytes;
        // PostgreSQL's jsonb cannot hold U+0000, in names as in values.
        return tooLong || Depth(settings) > 16 || settings.GetRawText().Contains("\\u0000", StringComparison.Ordinal)
            ? new("settings", SettingsProblem)
            : null;
    }

    public static FieldError? Reason(string? value) =>
        string.IsNullOrWhiteSpace(value) || value.Length > 500 || value.Contains('\0') || !IsWellFormed(value)
            ? new("reason", "takes 1 to 500 characters")
            : null;

    // Half a surrogate pair has no UTF-8 form and cannot be stored.
    private static bool IsWellFormed(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
                continue;
            if (i + 1 >= value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    private static int Depth(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => 1 + element.EnumerateObject().Select(m => Depth(m.Value)).DefaultIfEmpty(0).Max(),
            JsonValueKind.Array => 1 + element.EnumerateArray().Select(Depth).DefaultIfEmpty(0).Max(),
            _ => 0,
        };

    [GeneratedRegex(@"\A[A-Za-z0-9._\-]{3,50}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UsernameFormat();
}
