using System.Text;
using System.Text.RegularExpressions;
using Gamekeeper.Transactions;

namespace Gamekeeper.Benchmarks.Measuring;

/// <summary>
/// Puts a script for pgbench together from the product's own statements: the same text, with pgbench's variables where the positional
/// parameters stand. What <see cref="Together"/> is given travels in one round trip, as our batches do.
/// </summary>
internal sealed partial class PgBenchScript
{
    private readonly StringBuilder _text = new();

    /// <summary>A command of pgbench itself, such as <c>\set</c>.</summary>
    public PgBenchScript Meta(string command)
    {
        _text.Append(command).Append('\n');
        return this;
    }

    /// <summary>A statement of the product's; variables in the order of its parameters.</summary>
    public PgBenchScript Statement<TStatement>(params string[] variables)
        where TStatement : IStatement<TStatement> => Sql(StatementName<TStatement>.Text, variables);

    /// <summary>Any statement; variables in the order of its parameters, <c>null</c> where the value is absent.</summary>
    public PgBenchScript Sql(string sql, params string[] variables)
    {
        var used = new HashSet<int>();
        var text = Parameter().Replace(
            sql,
            match =>
            {
                var number = int.Parse(match.ValueSpan[1..], System.Globalization.CultureInfo.InvariantCulture);
                used.Add(number);
                return variables[number - 1] is "null" ? "null" : ":" + variables[number - 1];
            }
        );
        if (used.Count != variables.Length)
            throw new ArgumentException($"{variables.Length} variables were named for {used.Count} parameters of: {sql}", nameof(variables));
        _text.Append(text).Append(";\n");
        return this;
    }

    /// <summary>What is added inside travels in one round trip.</summary>
    public PgBenchScript Together(Action<PgBenchScript> statements)
    {
        Meta("\\startpipeline");
        statements(this);
        return Meta("\\endpipeline");
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Parameter();
}
