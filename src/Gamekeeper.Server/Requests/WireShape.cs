using System.Text.Json;

namespace Gamekeeper.Server.Requests;

/// <summary>Says in words what a member or a parameter takes.</summary>
internal static class WireShape
{
    public static string Of(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Of(inner)
        : type == typeof(string) ? "text without NUL, in valid Unicode"
        : type == typeof(Guid) ? "a UUID such as 01936f3e-5c1a-7000-8000-2b1d5c9e7a10"
        : type == typeof(int) ? "a whole number of 32 bits"
        : type == typeof(long) ? "a whole number of 64 bits"
        : type == typeof(bool) ? "true or false"
        : type == typeof(DateTimeOffset) ? "an instant in ISO 8601 such as 2026-11-20T17:00:00Z"
        : type == typeof(JsonElement) ? "any JSON value, at most 32 levels deep"
        : ElementOf(type) is { } element ? $"an array, each entry {Of(element)}"
        : MemberOf(type) is { } member ? $"an object, each member {Of(member)}"
        : "an object as documented";

    /// <summary>What an array or list holds; null for anything else.</summary>
    public static Type? ElementOf(Type type) =>
        type == typeof(string) ? null
        : type.IsArray ? type.GetElementType()
        : type.GetInterfaces()
            .Append(type)
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            .Select(i => i.GetGenericArguments()[0])
            .FirstOrDefault();

    /// <summary>What an object of names that nobody declared holds under each; null for anything else.</summary>
    private static Type? MemberOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;

    /// <summary>
    /// The type at a JSON path below <paramref name="root"/>; null when the path leads to a member that nobody declared.
    /// </summary>
    public static Type? At(Type root, string path)
    {
        Type? at = root;
        foreach (var step in Steps(path))
        {
            if (at is null || at == typeof(JsonElement))
                return at;
            at = Nullable.GetUnderlyingType(at) ?? at;
            at = step.IsIndex
                ? ElementOf(at)
                : MemberOf(at)
                    ?? WireJson.Options.GetTypeInfo(at).Properties.FirstOrDefault(p => p.Name == step.Name)?.PropertyType;
        }
        return at;
    }

    // A path reads $.name[3]['odd name'].other
    private static IEnumerable<(bool IsIndex, string Name)> Steps(string path)
    {
        var at = path.StartsWith('$') ? 1 : 0;
        while (at < path.Length)
        {
            if (path[at] == '[' && at + 1 < path.Length && path[at + 1] == '\'')
            {
                var end = path.IndexOf("']", at, StringComparison.Ordinal);
                end = end < 0 ? path.Length : end;
                yield return (false, path[(at + 2)..end]);
                at = end + 2;
            }
            else if (path[at] == '[')
            {
                var end = path.IndexOf(']', at);
                end = end < 0 ? path.Length : end;
                yield return (true, path[(at + 1)..end]);
                at = end + 1;
            }
            else
            {
                var start = path[at] == '.' ? at + 1 : at;
                var end = path.AsSpan(start).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : start + end;
                yield return (false, path[start..end]);
                at = Math.Max(end, at + 1);
            }
        }
    }
}
