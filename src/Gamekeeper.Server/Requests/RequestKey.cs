using Gamekeeper.Idempotency;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// The header Idempotency-Key. A handler that takes one thereby demands it: <see cref="ParameterLimits"/> has refused every request
/// without a usable key before this is bound.
/// </summary>
internal sealed record RequestKey(IdempotencyKey Value)
{
    public const string Header = "Idempotency-Key";

    /// <summary>Stands in the answer of a request whose effect was there already.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    public static ValueTask<RequestKey?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<RequestKey?>(new(new IdempotencyKey(context.Request.Headers[Header].ToString())));
}
