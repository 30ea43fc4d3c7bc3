using Gamekeeper.Server.Errors;

namespace Gamekeeper.Server.OpenApi;

/// <summary>Metadata: the refusals that are this operation's own, beside those every operation shares.</summary>
internal sealed record Refuses(IReadOnlyList<ErrorCode> Codes);

internal static class RefusesConvention
{
    /// <summary>Documents the refusals of an operation.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params ErrorCode[] codes) =>
        builder.WithMetadata(new Refuses(codes));
}
