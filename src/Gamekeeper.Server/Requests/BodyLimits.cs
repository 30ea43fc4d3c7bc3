using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Gamekeeper.Server.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gamekeeper.Server.Requests;

/// <summary>
/// Holds a JSON body against the limits of its record before the handler sees it, so that a refused request reaches no database.
/// All faults are told at once, by the path of the member.
/// </summary>
internal sealed class BodyLimits : IEndpointFilter
{
    private const int MostFaults = 20;

    private static readonly ConcurrentDictionary<Type, Member[]> Known = new();

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } type)
            return next(context);
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var body in context.Arguments.Where(a => a is not null && a.GetType() == type))
            Check(body!, "", faults);
        return faults.Count == 0
            ? next(context)
            : ValueTask.FromResult<object?>(
                new Refusal(RequestErrors.Invalid, string.Join("; ", faults.Select(f => $"{f.Key} {f.Value[0]}"))) { Errors = faults }
            );
    }

    private static void Check(object body, string path, Dictionary<string, string[]> faults)
    {
        foreach (var member in Known.GetOrAdd(body.GetType(), MembersOf))
        {
            if (faults.Count >= MostFaults)
                return;
            var value = member.Property.GetValue(body);
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (ValueLimits.Problem(value, member.Limits) is { } problem)
                faults[at] = [problem];
            else if (value is IEnumerable list and not string)
                CheckEach(list, at, faults);
            else if (value is not null && IsRecord(value.GetType()))
                Check(value, at, faults);
        }
    }

    private static void CheckEach(IEnumerable list, string path, Dictionary<string, string[]> faults)
    {
        var index = 0;
        foreach (var item in list)
        {
            if (faults.Count >= MostFaults)
                return;
            var at = $"{path}[{index}]";
            if (item is null)
                faults[at] = ["must not be null"];
            else if (IsRecord(item.GetType()))
                Check(item, at, faults);
            index = checked(index + 1);
        }
    }

    private static bool IsRecord(Type type) => type.Assembly == typeof(BodyLimits).Assembly && type.IsClass;

    private static Member[] MembersOf(Type type) =>
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetIndexParameters().Length == 0)
                .Select(p => new Member(p, JsonNamingPolicy.CamelCase.ConvertName(p.Name), [.. p.GetCustomAttributes<ValidationAttribute>()])),
        ];

    private sealed record Member(PropertyInfo Property, string Name, ValidationAttribute[] Limits);
}
