using System.ComponentModel.DataAnnotations;

namespace Gamekeeper.Server.Requests;

/// <summary>The texts that a list may hold; checked by <see cref="ValueLimits"/> and shown in the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedEntriesAttribute(params string[] entries) : ValidationAttribute
{
    public string[] Entries { get; } = entries;
}
