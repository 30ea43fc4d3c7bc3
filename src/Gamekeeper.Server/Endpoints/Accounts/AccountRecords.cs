using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gamekeeper.Accounts;
using Gamekeeper.Server.Requests;

namespace Gamekeeper.Server.Endpoints.Accounts;

/// <summary>What a newcomer gives.</summary>
internal sealed record SignUpRequest(
    [property: Required, StringLength(50, MinimumLength = 3), Description("Letters, digits, dots, underscores or hyphens; unique whatever the case.")]
        string Username,
    [property: StringLength(254, MinimumLength = 3), Description("Kept encrypted; null for none.")] string? Email,
    [property: Required, StringLength(256, MinimumLength = 8)] string Password,
    [property: StringLength(100, MinimumLength = 1)] string? DisplayName
)
{
    /// <summary>The name alone: the rest is personal or secret.</summary>
    public override string ToString() => $"SignUpRequest {Username}";
}

/// <summary>What is to change; what is absent stays as it is.</summary>
internal sealed record UpdateProfileRequest(
    [property: StringLength(100), Description("An empty text clears it.")] string? DisplayName,
    [property: StringLength(2048), Description("An https address; an empty text clears it.")] string? AvatarUrl,
    [property: Description("An object: members to set, or with null to remove; 16 KiB in all.")] JsonElement? Settings
);

/// <summary>The old password proves who asks.</summary>
internal sealed record ChangePasswordRequest(
    [property: Required, StringLength(1000, MinimumLength = 1)] string OldPassword,
    [property: Required, StringLength(256, MinimumLength = 8)] string NewPassword
)
{
    public override string ToString() => nameof(ChangePasswordRequest);
}

/// <summary>A code that support gave proves who asks.</summary>
internal sealed record ResetPasswordRequest(
    [property: Required, StringLength(100, MinimumLength = 1), Description("As the operator gave it; good once, within an hour.")] string Code,
    [property: Required, StringLength(256, MinimumLength = 8)] string NewPassword
)
{
    public override string ToString() => nameof(ResetPasswordRequest);
}

/// <summary>What came of it.</summary>
internal sealed record ChangePasswordResponse([property: Description("Other sessions that were signed out.")] int RevokedSessions);

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
    public static AccountResponse Of(Account account) =>
        new(
            account.Id,
            account.Kind.ToString().ToLowerInvariant(),
            account.Username,
            account.DisplayName,
            account.AvatarUrl,
            account.Email?.Value,
            account.EmailVerified,
            account.Roles,
            WireDocument.Of(account.Settings)!.Value,
            account.FrozenAt,
            account.Version,
            account.CreatedAt,
            account.LastLogin
        );
}

/// <summary>What anyone may know of an account.</summary>
internal sealed record AccountCard(Guid Id, string Username, string? DisplayName, string? AvatarUrl, bool IsActive)
{
    public static AccountCard Of(PublicAccount account) =>
        new(account.Id, account.Username, account.DisplayName, account.AvatarUrl, account.IsActive);
}
