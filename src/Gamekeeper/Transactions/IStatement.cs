using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Gamekeeper.Transactions;

/// <summary>
/// A named statement without rows. It stands beside its only caller and keeps text and parameters in one place; its type's name is
/// its name in logs, metrics and pg_stat_statements.
/// </summary>
/// <typeparam name="TSelf">The statement itself, so that callers need not spell it.</typeparam>
public interface IStatement<TSelf>
    where TSelf : IStatement<TSelf>
{
    /// <summary>The text, with positional parameters ($1, $2 …); a constant of the code.</summary>
    [StringSyntax("sql")]
    static abstract string Sql { get; }

    /// <summary>Adds the parameters in the order of their numbers.</summary>
    void Bind(StatementParameters parameters);
}

/// <summary>A named statement with rows.</summary>
public interface IQuery<TSelf, TRow> : IStatement<TSelf>
    where TSelf : IQuery<TSelf, TRow>
{
    /// <summary>Reads the row the reader stands on.</summary>
    static abstract TRow Read(NpgsqlDataReader row);
}
