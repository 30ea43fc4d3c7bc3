using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gamekeeper.Caching;

/// <summary>
/// A query with its parameters as the id of a cached page: the same whatever their order, and of fixed length whatever they say. For keys of
/// class <see cref="CacheClass.Bounded"/>: <c>CacheKey&lt;CacheQuery, TPage&gt;</c>.
/// </summary>
/// <remarks>SHA-256 over the name and the parameters, sorted by name, each with its length: two questions do not meet.</remarks>
public readonly struct CacheQuery : IEquatable<CacheQuery>, ISpanParsable<CacheQuery>
{
    private const int Length = 64;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private CacheQuery(ReadOnlySpan<byte> hash) =>
        (_high, _low) = (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

    /// <summary>The query of this name with these parameters.</summary>
    /// <param name="name">Stable name, such as <c>public-decks</c>.</param>
    /// <param name="parameters">
    /// In any order. A value is a text, or something with a culture-free text form (numbers, ids, instants); null is the same as not given.
    /// Where a value has several spellings, such as a JSON document, the caller picks one.
    /// </param>
    /// <exception cref="ArgumentException">A parameter is given twice, or a value has no text form.</exception>
    public static CacheQuery Of(string name, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var sorted = parameters.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, name);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i].Name == sorted[i - 1].Name)
                throw new ArgumentException($"The query {name} has the parameter {sorted[i].Name} twice.", nameof(parameters));
            if (sorted[i].Value is not { } value)
                continue;
            Append(hash, sorted[i].Name);
            Append(hash, Text(name, sorted[i].Name, value));
        }
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return new CacheQuery(bytes);
    }

    /// <summary>64 hex digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x32}{_low:x32}");

    /// <inheritdoc />
    public bool Equals(CacheQuery other) => _high == other._high && _low == other._low;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is CacheQuery other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _low.GetHashCode();

    /// <inheritdoc cref="Equals(CacheQuery)" />
    public static bool operator ==(CacheQuery left, CacheQuery right) => left.Equals(right);

    /// <inheritdoc cref="Equals(CacheQuery)" />
    public static bool operator !=(CacheQuery left, CacheQuery right) => !left.Equals(right);

    /// <inheritdoc />
    public static CacheQuery Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var query) ? query : throw new FormatException($"A query's id is of {Length} hex digits.");

    /// <inheritdoc />
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out CacheQuery result)
    {
        result = default;
        if (s.Length != Length)
            return false;
        Span<byte> bytes = stackalloc byte[Length / 2];
        if (Convert.FromHexString(s, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        result = new CacheQuery(bytes);
        return true;
    }

    /// <inheritdoc />
    public static CacheQuery Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CacheQuery result) => TryParse(s.AsSpan(), provider, out result);

    private static string Text(string query, string parameter, object value) =>
        value switch
        {
            string text => text,
            bool yes => yes ? "true" : "false",
            DateTimeOffset instant => instant.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new ArgumentException($"The parameter {parameter} of {query} is a {value.GetType().Name}, which has no text form.", nameof(value)),
        };

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
