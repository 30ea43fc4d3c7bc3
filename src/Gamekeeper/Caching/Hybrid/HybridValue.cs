using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Gamekeeper.Caching.Tags;
using Gamekeeper.Caching.Values;

namespace Gamekeeper.Caching.Hybrid;

/// <summary>
/// A value under a free key: its bytes, and in which form they are. Each caller gets an instance of its own, since nobody knows what it
/// does with it; of a type that cannot be changed, all get the same one.
/// </summary>
internal sealed class HybridValue
{
    public static readonly CacheKey<string, HybridValue> Key = new("core:hybrid:{key}", new Codec())
    {
        // As the tag does that every value has.
        TimeToLive = TagToken.Life,
        IsDroppedByCallers = true,
    };

    private readonly Form _form;
    private readonly byte[] _bytes;
    private object? _unused;
    private object? _shared;

    private HybridValue(Form form, byte[] bytes) => (_form, _bytes) = (form, bytes);

    private enum Form : byte
    {
        Json = 1,
        Text = 2,
        Bytes = 3,
    }

    /// <summary>Null for null, which is not kept.</summary>
    /// <exception cref="NotSupportedException">The type has no JSON form.</exception>
    public static HybridValue? Of<T>(T value) =>
        FormOf<T>() switch
        {
            _ when value is null => null,
            Form.Text => new(Form.Text, Encoding.UTF8.GetBytes((string)(object)value)) { _shared = value },
            Form.Bytes => new(Form.Bytes, [.. (byte[])(object)value]),
            _ when Shareable<T>.Is => new(Form.Json, JsonSerializer.SerializeToUtf8Bytes(value)) { _shared = value },
            // Whoever made it may have it: nobody else has seen it.
            _ => new(Form.Json, JsonSerializer.SerializeToUtf8Bytes(value)) { _unused = value },
        };

    /// <summary>False when it was stored as another type.</summary>
    public bool TryRead<T>([MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (FormOf<T>() != _form)
            return false;
        if (_shared is T shared)
            value = shared;
        else if (Interlocked.Exchange(ref _unused, null) is T unused)
            value = unused;
        else
            return TryParse(out value);
        return true;
    }

    private static Form FormOf<T>() =>
        typeof(T) == typeof(string) ? Form.Text
        : typeof(T) == typeof(byte[]) ? Form.Bytes
        : Form.Json;

    private bool TryParse<T>([MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = _form switch
            {
                Form.Text => (T)(object)Encoding.UTF8.GetString(_bytes),
                Form.Bytes => (T)(object)(byte[])[.. _bytes],
                _ => JsonSerializer.Deserialize<T>(_bytes),
            };
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
        if (_form == Form.Text || Shareable<T>.Is)
            _shared = value;
        return value is not null;
    }

    // Numbers, ids, instants and what is made of them are copied anyhow; classes say it of themselves.
    private static class Shareable<T>
    {
        public static readonly bool Is =
            !RuntimeHelpers.IsReferenceOrContainsReferences<T>()
            || (typeof(T).IsSealed && typeof(T).GetCustomAttribute<ImmutableObjectAttribute>() is { Immutable: true });
    }

    private sealed class Codec : CacheCodec<HybridValue>
    {
        public override byte Version => 1;

        public override void Write(CacheWriter writer, HybridValue value)
        {
            writer.Write((byte)value._form);
            writer.Write((long)value._bytes.Length);
            writer.WriteBytes(value._bytes);
        }

        public override HybridValue Read(ref CacheReader reader)
        {
            var form = (Form)reader.ReadByte();
            return new HybridValue(form, reader.ReadBytes(reader.ReadCount()).ToArray());
        }
    }
}
