using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gamekeeper.Idempotency;
using Gamekeeper.Server.Errors;
using Microsoft.AspNetCore.Mvc;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// Holds route, query and idempotency key against what the handler declares, before they are bound: binding by itself would answer
/// without naming the parameter, and would pass over parameters that nobody asked for.
/// </summary>
internal sealed class ParameterLimits(RequestDelegate next)
{
    private readonly ConditionalWeakTable<Endpoint, Parameter[]> _known = [];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<MethodInfo>() is null)
            return next(context);
        var parameters = _known.GetValue(endpoint, static e => Declared((RouteEndpoint)e));
        return Refuse(context, parameters) is { } refusal ? refusal.ExecuteAsync(context) : next(context);
    }

    private static Refusal? Refuse(HttpContext context, Parameter[] parameters)
    {
        foreach (var name in context.Request.Query.Keys)
        {
            if (!parameters.Any(p => p.From == Source.Query && string.Equals(p.Name, name, StringComparison.Ordinal)))
                return Refusal.OfField(RequestErrors.UnknownParameter, Shown(name), $"takes only {Names(parameters)}");
        }
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            if (parameter.From == Source.IdempotencyKey)
            {
                if (RefuseKey(context) is { } refusal)
                    return refusal;
            }
            else if (parameter.Problem(context) is { } problem)
            {
                faults[parameter.Name] = [problem];
            }
        }
        return faults.Count == 0
            ? null
            : new Refusal(RequestErrors.Invalid, string.Join("; ", faults.Select(f => $"{f.Key} {f.Value[0]}"))) { Errors = faults };
    }

    private static Refusal? RefuseKey(HttpContext context)
    {
        var given = context.Request.Headers[RequestKey.Header];
        if (given.Count == 0)
        {
            return Refusal.OfField(
                RequestErrors.KeyMissing,
                RequestKey.Header,
                $"is required: a name of your own for this request, 1 to {IdempotencyKey.MaxLength} printable ASCII characters"
            );
        }
        return given.Count == 1 && IdempotencyKey.IsValid(given[0])
            ? null
            : Refusal.OfField(
                RequestErrors.KeyInvalid,
                RequestKey.Header,
                $"takes one key of 1 to {IdempotencyKey.MaxLength} printable ASCII characters; {given.Count} of {given.ToString().Length} characters were given"
            );
    }

    private static string Names(Parameter[] parameters)
    {
        var names = parameters.Where(p => p.From == Source.Query).Select(p => p.Name).ToList();
        return names.Count == 0 ? "no parameters" : string.Join(", ", names);
    }

    internal static string Shown(string name) => name.Length <= 60 ? name : name[..60] + "…";

    private static Parameter[] Declared(RouteEndpoint endpoint)
    {
        var route = endpoint.RoutePattern.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. endpoint
                .Metadata.GetRequiredMetadata<MethodInfo>()
                .GetParameters()
                .Select(p => (Info: p, From: SourceOf(p, route)))
                .Where(p => p.From is not null)
                .Select(p => new Parameter(p.Info, p.From!.Value)),
        ];
    }

    private static Source? SourceOf(ParameterInfo parameter, HashSet<string> route) =>
        parameter.ParameterType == typeof(RequestKey) ? Source.IdempotencyKey
        : route.Contains(parameter.Name!) ? Source.Route
        // Headers are told and checked by whoever takes them.
        : parameter.IsDefined(typeof(FromHeaderAttribute), inherit: false) ? null
        : Parameter.IsSimple(parameter.ParameterType) ? Source.Query
        : null;

    private enum Source
    {
        Route,
        Query,
        IdempotencyKey,
    }

    private sealed class Parameter(ParameterInfo info, Source from)
    {
        private readonly Type _type = Nullable.GetUnderlyingType(info.ParameterType) ?? info.ParameterType;
        private readonly object[] _limits = [.. info.GetCustomAttributes<ValidationAttribute>()];

        private readonly bool _isRequired =
            !info.HasDefaultValue && new NullabilityInfoContext().Create(info).WriteState != NullabilityState.Nullable;

        public string Name { get; } = info.Name!;

        public Source From { get; } = from;

        public static bool IsSimple(Type type) =>
            (Nullable.GetUnderlyingType(type) ?? type) is var t
            && (t == typeof(string) || t == typeof(Guid) || t == typeof(int) || t == typeof(long) || t == typeof(bool) || t == typeof(DateTimeOffset));

        public string? Problem(HttpContext context)
        {
            string? text;
            if (From == Source.Route)
            {
                text = context.Request.RouteValues[Name] as string;
            }
            else
            {
                var given = context.Request.Query[Name];
                if (given.Count > 1)
                    return $"may stand in the query once; it stood there {given.Count} times";
                text = given.Count == 0 ? null : given[0];
            }
            if (text is null)
                return _isRequired ? "is required" : null;
            return Parse(text) is { } value ? ValueLimits.Problem(value, _limits)
                : text.Length == 0 ? $"takes {WireShape.Of(_type)}; it was empty"
                : $"takes {WireShape.Of(_type)}; {text.Length} characters were given that are none";
        }

        private object? Parse(string text) =>
            _type == typeof(string) ? (text.Contains('\0', StringComparison.Ordinal) ? null : text)
            : _type == typeof(Guid) ? (Guid.TryParseExact(text, "D", out var id) ? id : null)
            : _type == typeof(int) ? (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null)
            : _type == typeof(long) ? (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null)
            : _type == typeof(bool) ? (bool.TryParse(text, out var b) ? b : null)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime()
            : null;
    }
}
