using System.Security.Claims;
using Gamekeeper.Transactions;

namespace Gamekeeper.Server.Authentication;

/// <summary>Who proved to be calling, as the claims of this request. Made anew for each, since roles and sessions end at once.</summary>
/// <param name="Kind">Player, operator or service.</param>
/// <param name="Id">The account or service key.</param>
/// <param name="Session">The login session; null for service keys.</param>
/// <param name="Grants">Scopes of a service key, or roles of an account.</param>
internal sealed record CallerIdentity(ActorKind Kind, Guid Id, Guid? Session, IReadOnlyList<string> Grants)
{
    public const string Scheme = "Gamekeeper";

    private const string KindClaim = "kind";
    private const string IdClaim = "sub";
    private const string SessionClaim = "sid";
    private const string GrantClaim = "grant";

    public ClaimsPrincipal ToPrincipal()
    {
        var identity = new ClaimsIdentity(Scheme);
        identity.AddClaim(new Claim(KindClaim, Kind.ToString()));
        identity.AddClaim(new Claim(IdClaim, Id.ToString("D")));
        if (Session is { } session)
            identity.AddClaim(new Claim(SessionClaim, session.ToString("D")));
        identity.AddClaims(Grants.Select(g => new Claim(GrantClaim, g)));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The identity of a principal; null when nobody has proved anything.</summary>
    public static CallerIdentity? Of(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true)
            return null;
        return new(
            Enum.Parse<ActorKind>(Single(principal, KindClaim)),
            Guid.ParseExact(Single(principal, IdClaim), "D"),
            principal.FindFirst(SessionClaim) is { } session ? Guid.ParseExact(session.Value, "D") : null,
            [.. principal.FindAll(GrantClaim).Select(c => c.Value)]
        );
    }

    /// <summary>Operators may do everything here, under their own name; a service key what its scopes say; a player nothing.</summary>
    public bool Has(string scope) => Kind == ActorKind.Operator || (Kind == ActorKind.Service && Grants.Contains(scope, StringComparer.Ordinal));

    private static string Single(ClaimsPrincipal principal, string claim) =>
        principal.FindFirst(claim)?.Value ?? throw new InvalidOperationException($"An authenticated principal has no claim {claim}.");
}
