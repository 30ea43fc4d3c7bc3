using System.Globalization;
using System.Xml.Linq;
using Gamekeeper.Privacy;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Gamekeeper.Server.Authentication;

/// <summary>
/// The keys that seal access tokens, kept in PostgreSQL and wrapped under the master key, so that every node opens what any node
/// sealed. The framework reads them rarely, and keeps them in memory.
/// </summary>
internal sealed class KeyRing(KeyRingStore store) : IXmlRepository
{
    private volatile Exception? _failure;

    /// <summary>
    /// Why the ring could not be read last time; null when it could. The framework turns that failure into "this token is not valid",
    /// which is not what happened.
    /// </summary>
    public Exception? Failure => _failure;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        try
        {
            // The framework's interface has no asynchronous form.
            var entries = Task.Run(() => store.ListAsync()).GetAwaiter().GetResult();
            _failure = null;
            return [.. entries.Select(e => XElement.Parse(e.Xml))];
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var name = friendlyName.Length > 0 ? friendlyName : string.Create(CultureInfo.InvariantCulture, $"key-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
        Task.Run(() => store.StoreAsync(new KeyRingEntry(name, element.ToString(SaveOptions.DisableFormatting)))).GetAwaiter().GetResult();
    }
}
