namespace Gamekeeper.Server.Errors;

/// <summary>What can be wrong with a request before any verb has looked at it.</summary>
internal static class RequestErrors
{
    public static readonly ErrorCode Malformed = new("request.malformed", 400, "The request is not well-formed.");
    public static readonly ErrorCode MalformedJson = new("request.malformed-json", 400, "The body is not well-formed JSON.");
    public static readonly ErrorCode BodyMissing = new("request.body-missing", 400, "This operation needs a JSON body.");
    public static readonly ErrorCode UnknownMember = new("request.unknown-member", 400, "The body has a member that this operation does not know.");
    public static readonly ErrorCode WrongType = new("request.wrong-type", 400, "A member of the body has another type than documented.");
    public static readonly ErrorCode Invalid = new("request.invalid", 400, "A value lies outside its limits.");
    public static readonly ErrorCode UnknownParameter = new("request.unknown-parameter", 400, "The query has a parameter that this operation does not know.");
    public static readonly ErrorCode NoSuchRoute = new("request.no-such-route", 404, "There is nothing at this address.");
    public static readonly ErrorCode MethodNotAllowed = new("request.method-not-allowed", 405, "This address does not answer this method.");
    public static readonly ErrorCode TimedOut = new("request.timed-out", 408, "The body did not arrive in time.");
    public static readonly ErrorCode TooLarge = new("request.too-large", 413, "The body is larger than this operation takes.");
    public static readonly ErrorCode UnsupportedMediaType = new("request.unsupported-media-type", 415, "The body is of another media type than this operation takes.");
    public static readonly ErrorCode VersionMissing = new("request.version-missing", 428, "This operation needs the header If-Match with the version that was read.");
    public static readonly ErrorCode RateLimited = new("request.rate-limited", 429, "Too many requests in this minute.");
    public static readonly ErrorCode HeadersTooLarge = new("request.headers-too-large", 431, "The request's headers are too large.");

    public static readonly ErrorCode KeyMissing = new("idempotency.key-missing", 400, "This operation needs the header Idempotency-Key.");
    public static readonly ErrorCode KeyInvalid = new("idempotency.key-invalid", 400, "The header Idempotency-Key holds no usable key.");
    public static readonly ErrorCode KeyReused = new("idempotency.key-reused", 422, "This idempotency key has been used for another request.");

    public static readonly ErrorCode SignInRequired = new("authentication.required", 401, "This operation needs an access token or a service key.");
    public static readonly ErrorCode TokenRefused = new("authentication.refused", 401, "The access token or service key is not valid, has expired or was revoked.");
    public static readonly ErrorCode NotAllowed = new("authorization.not-allowed", 403, "The caller may not do this.");

    public static readonly ErrorCode Unexpected = new("server.unexpected", 500, "The server failed in a way that nobody foresaw.");
}
