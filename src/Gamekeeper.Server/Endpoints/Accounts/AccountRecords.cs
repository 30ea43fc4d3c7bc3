using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gamekeeper.Accounts;

namespace Gamekeeper.Server.Endpoints.Accounts;

/// <summary>What a newcomer gives.</summary>
internal sealed record SignUpRequest(
    [property: Required, StringLength(50, MinimumLength = 3), Description("Letters, digits, dots, underscores or hyphens; unique whatever the case.")]
        string Username,
    [property: StringLength(254, MinimumLength = 3), Description("Kept encrypted; null for none.")] string? Email,
    [property: StringLength(256, MinimumLength = 8), Description("Null for an account that signs in by other means.")] string? Password,
    [property: StringLength(100, MinimumLength = 1)] string? DisplayName
)
{
    /// <summary>The name alone: the rest is personal or secret.</summary>
    public override string ToString() => $"SignUpRequest {Username}";
}

/// <summary>An account as its owner sees it.</summary>
internal sealed record AccountResponse(
    Guid Id,
    [property: AllowedValues("person", "guest", "bot")] string Kind,
    string Username,
    string? DisplayName,
    string? AvatarUrl,
    string? Email,
    bool EmailVerified,
    IReadOnlyList<string> Roles,
    JsonElement Settings,
    DateTimeOffset? FrozenAt,
    [property: Description("Grows with every change; hand it back to change the account.")] long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastLogin
)
{
    public static AccountResponse Of(Account account)
    {
        using var settings = JsonDocument.Parse(account.Settings);
        return new(
            account.Id,
            account.Kind.ToString().ToLowerInvariant(),
            account.Username,
            account.DisplayName,
            account.AvatarUrl,
            account.Email?.Value,
            account.EmailVerified,
            account.Roles,
            settings.RootElement.Clone(),
            account.FrozenAt,
            account.Version,
            account.CreatedAt,
            account.LastLogin
        );
    }
}

/// <summary>What anyone may know of an account.</summary>
internal sealed record AccountCard(Guid Id, string Username, string? DisplayName, string? AvatarUrl, bool IsActive)
{
    public static AccountCard Of(PublicAccount account) =>
        new(account.Id, account.Username, account.DisplayName, account.AvatarUrl, account.IsActive);
}
