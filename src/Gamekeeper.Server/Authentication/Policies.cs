using Gamekeeper.Accounts;
using Gamekeeper.Transactions;
using Microsoft.AspNetCore.Authorization;

namespace Gamekeeper.Server.Authentication;

/// <summary>Who may call what. An operation names one of these, or is open.</summary>
internal static class Policies
{
    /// <summary>Anyone who proved who it is.</summary>
    public const string Anyone = "anyone";

    /// <summary>A signed-in account, acting for itself.</summary>
    public const string Account = "account";

    /// <summary>Brings cards into the world.</summary>
    public const string Mint = ServiceScopes.Mint;

    /// <summary>Gives currency, packs or items.</summary>
    public const string Grant = ServiceScopes.Grant;

    /// <summary>Reports results of matches.</summary>
    public const string Report = ServiceScopes.Report;

    /// <summary>Imports card templates.</summary>
    public const string Import = ServiceScopes.Import;

    /// <summary>Looks after the whole: keys, freezes, jobs, trails, checks.</summary>
    public const string Operate = ServiceScopes.Operate;

    /// <summary>Reads the trails: operators, auditors, and keys with the scope operate.</summary>
    public const string Audit = "audit";

    /// <summary>The policies that a service key can hold as scopes.</summary>
    public static readonly IReadOnlyList<string> Scopes = ServiceScopes.All;

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Anyone, p => p.RequireAuthenticatedUser());
        options.AddPolicy(
            Account,
            p => p.RequireAuthenticatedUser().RequireAssertion(c => CallerIdentity.Of(c.User) is { Kind: ActorKind.Player or ActorKind.Operator })
        );
        options.AddPolicy(
            Audit,
            p => p.RequireAuthenticatedUser().RequireAssertion(c => CallerIdentity.Of(c.User) is { } caller && (caller.Has(Operate) || IsAuditor(caller)))
        );
        foreach (var scope in Scopes)
            options.AddPolicy(scope, p => p.RequireAuthenticatedUser().RequireAssertion(c => CallerIdentity.Of(c.User)?.Has(scope) == true));
    }

    private static bool IsAuditor(CallerIdentity caller) =>
        caller.Kind != ActorKind.Service && caller.Grants.Contains(AccountRoles.Auditor, StringComparer.Ordinal);
}
