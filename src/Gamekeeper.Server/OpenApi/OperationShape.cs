using System.Globalization;
using System.Reflection;
using Gamekeeper.Idempotency;
using Gamekeeper.Server.Errors;
using Gamekeeper.Server.RateLimiting;
using Gamekeeper.Server.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gamekeeper.Server.OpenApi;

/// <summary>Adds to each operation what its handler's signature does not say: headers, who may call it, and every refusal by code.</summary>
internal static class OperationShape
{
    public static async Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var takesKey = metadata.OfType<MethodInfo>().Any(m => m.GetParameters().Any(p => p.ParameterType == typeof(RequestKey)));
        operation.Parameters ??= [];
        if (takesKey)
            operation.Parameters.Add(KeyParameter());
        operation.Parameters.Add(RequestIdParameter());

        var takesVersion = operation.Parameters.Any(p => p.Name == DocumentVersion.Header);
        var policies = metadata.OfType<IAuthorizeData>().ToList();
        var isOpen = policies.Count == 0 || metadata.OfType<IAllowAnonymous>().Any();
        if (!isOpen)
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(DocumentShape.BearerScheme, context.Document)] = [.. policies.Select(p => p.Policy).OfType<string>()] }];

        operation.Responses ??= [];
        foreach (var success in operation.Responses.Values.OfType<OpenApiResponse>())
        {
            success.Headers ??= new Dictionary<string, IOpenApiHeader>();
            success.Headers[RequestIdentity.Header] = Header("The id that everything this request did carries.");
            if (takesVersion && success.Content is { Count: > 0 })
                success.Headers["ETag"] = Header("The version there is now, for the next `If-Match`.");
            if (takesKey)
                success.Headers[RequestKey.ReplayedHeader] = Header("`true` when the effect was there already and this is its answer again.");
        }
        var problem = await ProblemSchemaAsync(context, cancellationToken);
        foreach (var refusals in Codes(metadata, takesKey, isOpen).Distinct().GroupBy(c => c.Status).OrderBy(g => g.Key))
            operation.Responses[refusals.Key.ToString(CultureInfo.InvariantCulture)] = Response(refusals.Key, refusals, problem);
    }

    private static IEnumerable<ErrorCode> Codes(IList<object> metadata, bool takesKey, bool isOpen)
    {
        yield return RequestErrors.Malformed;
        yield return RequestErrors.Invalid;
        yield return RequestErrors.UnknownParameter;
        if (metadata.OfType<IAcceptsMetadata>().Any())
        {
            foreach (var code in (ErrorCode[])[RequestErrors.MalformedJson, RequestErrors.BodyMissing, RequestErrors.UnknownMember, RequestErrors.WrongType, RequestErrors.TooLarge, RequestErrors.UnsupportedMediaType])
                yield return code;
        }
        if (takesKey)
        {
            foreach (var code in (ErrorCode[])[RequestErrors.KeyMissing, RequestErrors.KeyInvalid, RequestErrors.KeyReused])
                yield return code;
        }
        if (!isOpen)
        {
            foreach (var code in (ErrorCode[])[RequestErrors.SignInRequired, RequestErrors.TokenRefused, RequestErrors.NotAllowed])
                yield return code;
        }
        if (!metadata.OfType<RateLimits.Uncounted>().Any())
            yield return RequestErrors.RateLimited;
        yield return RequestErrors.Unexpected;
        yield return DatabaseErrors.Unavailable;
        foreach (var code in metadata.OfType<Refuses>().SelectMany(r => r.Codes))
            yield return code;
    }

    private static OpenApiResponse Response(int status, IEnumerable<ErrorCode> codes, IOpenApiSchema problem)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join("\n", codes.Select(c => $"- `{c.Code}`: {c.Title}")),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Problem.MediaType] = new() { Schema = problem } },
        };
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which to come back.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                },
            };
        }
        return response;
    }

    private static async Task<IOpenApiSchema> ProblemSchemaAsync(OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document ?? throw new InvalidOperationException("Operations are described within a document.");
        if (document.Components?.Schemas?.ContainsKey(nameof(Problem)) != true)
            document.AddComponent(nameof(Problem), await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken));
        return new OpenApiSchemaReference(nameof(Problem), document);
    }

    private static OpenApiParameter KeyParameter() =>
        new()
        {
            Name = RequestKey.Header,
            In = ParameterLocation.Header,
            Required = true,
            Description = "A name of your own for this request; asking twice under it has its effect once. Printable ASCII.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.MaxLength },
        };

    private static OpenApiParameter RequestIdParameter() =>
        new()
        {
            Name = RequestIdentity.Header,
            In = ParameterLocation.Header,
            Description = "Your id for this request, when it is a UUID; otherwise one is made.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
        };

    private static OpenApiHeader Header(string description) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
