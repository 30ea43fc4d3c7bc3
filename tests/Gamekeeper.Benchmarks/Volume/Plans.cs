using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Benchmarks.Volume;

/// <summary>Shows that a search goes through an index, as the application's role, inside of functions too.</summary>
internal static class Plans
{
    /// <summary>Runs the statement once and looks at the plans that the server really used.</summary>
    /// <param name="database">Where it runs.</param>
    /// <param name="statement">With its parameters.</param>
    /// <param name="index">What has to be read.</param>
    /// <param name="table">What must not be read from end to end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The index is not in the plan, or the whole table is; the message holds the plan.</exception>
    public static async Task UseIndexAsync<TStatement>(
        BenchDatabase database,
        IStatement<TStatement> statement,
        string index,
        string table,
        CancellationToken cancellationToken
    )
        where TStatement : IStatement<TStatement>
    {
        await using var connection = await database.OpenAsSuperuserAsync(cancellationToken);
        var plans = new List<string>();
        connection.Notice += (_, notice) => plans.Add(notice.Notice.MessageText);
        // Loading the module takes a superuser; from then on the role is the application's.
        foreach (var setting in new[]
        {
            "load 'auto_explain'", "set auto_explain.log_min_duration = 0", "set auto_explain.log_nested_statements = on",
            "set auto_explain.log_level = notice", "set role gamekeeper_app",
        })
        {
            await using var set = new NpgsqlCommand(setting, connection);
            await set.ExecuteNonQueryAsync(cancellationToken);
        }
        plans.Clear();
        await using var command = new NpgsqlCommand(StatementName<TStatement>.Text, connection);
        statement.Bind(new StatementParameters(command.Parameters));
        await command.ExecuteNonQueryAsync(cancellationToken);
        var all = string.Join('\n', plans);
        if (!all.Contains(index, StringComparison.Ordinal) || all.Contains($"Seq Scan on {table}", StringComparison.Ordinal))
            throw new InvalidOperationException($"{StatementName<TStatement>.Name} does not go through {index}:\n{all}");
    }
}
