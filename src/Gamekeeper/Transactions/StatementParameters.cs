using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace Gamekeeper.Transactions;

/// <summary>The positional parameters of one statement, typed so that nothing is boxed and a null still names its type.</summary>
public readonly struct StatementParameters(NpgsqlParameterCollection parameters)
{
    /// <summary>The next parameter, of a type that Npgsql maps by itself.</summary>
    public StatementParameters Add<T>(T value)
        where T : notnull
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return this;
    }

    /// <summary>The next parameter, which may be absent.</summary>
    public StatementParameters AddNullable<T>(T? value)
        where T : struct
    {
        if (value is { } present)
            return Add(present);
        parameters.Add(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = TypeOf(typeof(T)) });
        return this;
    }

    /// <summary>The next parameter, which may be absent.</summary>
    public StatementParameters AddNullable<T>(T? value)
        where T : class
    {
        if (value is not null)
            return Add(value);
        parameters.Add(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = TypeOf(typeof(T)) });
        return this;
    }

    /// <summary>The next parameter, with its PostgreSQL type named: jsonb, inet, arrays of them, or text to be stored as such.</summary>
    public StatementParameters Add(object? value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return this;
    }

    /// <summary>A JSON document as text; null stays null.</summary>
    public StatementParameters AddJson(string? json) => Add(json, NpgsqlDbType.Jsonb);

    private static NpgsqlDbType TypeOf(Type type) =>
        type == typeof(Guid) ? NpgsqlDbType.Uuid
        : type == typeof(int) ? NpgsqlDbType.Integer
        : type == typeof(long) ? NpgsqlDbType.Bigint
        : type == typeof(bool) ? NpgsqlDbType.Boolean
        : type == typeof(double) ? NpgsqlDbType.Double
        : type == typeof(string) ? NpgsqlDbType.Text
        : type == typeof(byte[]) ? NpgsqlDbType.Bytea
        : type == typeof(DateTimeOffset) ? NpgsqlDbType.TimestampTz
        : type == typeof(TimeSpan) ? NpgsqlDbType.Interval
        : type == typeof(IPAddress) ? NpgsqlDbType.Inet
        : type == typeof(Guid[]) ? NpgsqlDbType.Array | NpgsqlDbType.Uuid
        : type == typeof(string[]) ? NpgsqlDbType.Array | NpgsqlDbType.Text
        : throw new ArgumentException($"No PostgreSQL type is known for an absent {type.Name}; name it with Add(value, type).", nameof(type));
}
