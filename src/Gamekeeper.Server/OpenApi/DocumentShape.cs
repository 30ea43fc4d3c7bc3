using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gamekeeper.Server.OpenApi;

/// <summary>The head of the document: what this is, and how a caller proves who it is.</summary>
internal static class DocumentShape
{
    public const string BearerScheme = "bearer";

    public static Task ApplyAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Gamekeeper",
            Version = "v1",
            Description =
                "Accounts, item ownership and trades for games. Lists are keyset pages: hand `nextCursor` back as `cursor`. "
                + "Every answer of 400 and above is problem details with a published `code`. "
                + "Whatever grants, spends or moves takes an `Idempotency-Key`.",
        };
        // The address of this very server differs from machine to machine; the document does not.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An access token of `POST /v1/sessions`, good for 15 minutes, or a service key (`gk_…`).",
        };
        return Task.CompletedTask;
    }
}
