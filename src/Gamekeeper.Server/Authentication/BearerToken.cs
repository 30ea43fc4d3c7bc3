namespace Gamekeeper.Server.Authentication;

/// <summary>Finds the credential in a request: the header Authorization, never the query, which ends up in logs.</summary>
internal static class BearerToken
{
    /// <summary>Every service key begins with this; no access token does.</summary>
    public const string ServiceKeyPrefix = "gk_";

    private const string Scheme = "Bearer ";

    /// <summary>Longer ones are none of ours and are not looked at.</summary>
    private const int MaxLength = 4096;

    /// <summary>The token as it was given; null when there is none.</summary>
    public static string? Of(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        return header is [{ Length: > 7 and < MaxLength } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;
    }

    /// <summary>Whether the credential claims to be a service key.</summary>
    public static bool IsServiceKey(HttpContext context) => Of(context)?.StartsWith(ServiceKeyPrefix, StringComparison.Ordinal) == true;
}
