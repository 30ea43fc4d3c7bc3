using System.Reflection;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.Rules;

public sealed class SqlTextTests
{
    [Fact]
    public void No_sql_is_put_together() => Sources.Code.SelectMany(SqlTextRule.Breaches).ShouldBeEmpty();

    [Fact]
    public void Server_and_command_line_hold_no_sql() =>
        ImportTable
            .WithoutSql.SelectMany(Sources.CodeBelow)
            .Where(f => !ImportTable.SqlAllThere.ContainsKey(f.Path))
            .SelectMany(f => StringLiterals.In(f.Text).Where(l => SqlTextRule.IsSql(l.Content)).Select(l => $"{f.Path}({f.LineOf(l.Start)}): {l.Content}"))
            .ShouldBeEmpty();

    [Fact]
    public void Every_statement_is_a_constant_with_positional_parameters()
    {
        var statements = Sources.ProductAssemblies.SelectMany(a => a.GetTypes()).Where(IsStatement).ToList();
        statements.Count.ShouldBeGreaterThan(3);
        foreach (var statement in statements)
        {
            var closed = statement.IsGenericTypeDefinition ? statement.MakeGenericType([.. statement.GetGenericArguments().Select(_ => typeof(CoreSchema))]) : statement;
            var sql = TextOf(closed);

            sql.ShouldBe(TextOf(closed), $"{statement.Name} changes its text");
            sql.ShouldNotContain("@p", Case.Insensitive, $"{statement.Name} names its parameters");
            SqlTextRule.IsSql(sql).ShouldBeTrue($"{statement.Name} is not recognised as SQL by the rule: {sql}");
        }
    }

    [Theory]
    [InlineData("""var s = $"select * from {table}";""", true)]
    [InlineData("""var s = $"select * from core.x where name = '{name}'";""", true)]
    [InlineData("""var s = "select * from core.x where id = " + id;""", true)]
    [InlineData("""var s = "delete from core.x" + Where(id);""", true)]
    [InlineData("""var s = $@"insert into {schema}.x values (1)";""", true)]
    [InlineData("var s = $\"\"\"\n    update core.x set a = {a}\n    \"\"\";", true)]
    [InlineData("var s = $$\"\"\"with a as (select '{}') select {{b}}\"\"\";", true)]
    [InlineData("""var s = $"{(x ? $"drop table {t}" : "")}";""", true)]
    [InlineData("""var s = $"select * from {TSchema.Schema}.x where a = $1";""", false)]
    [InlineData("""const long Key = 7; var s = $"select pg_try_advisory_lock({Key})";""", false)]
    [InlineData("""var s = $"select 1 from core.x limit {PageSize.Max}";""", false)]
    [InlineData("""var s = $"select 1 from core.x limit {PageSize.Value}";""", true)]
    [InlineData("""var s = $"create database {QuoteIdentifier(name)}";""", false)]
    [InlineData("""var s = "select 1 " + "from core.x";""", false)]
    [InlineData("""var s = $"Select the file {name} to update {x}";""", false)]
    [InlineData("""// $"select {x} from y" """, false)]
    [InlineData("""var c = '"'; var s = $"updated {n} rows";""", false)]
    public void Planted_sql_is_found(string text, bool isBreach) =>
        SqlTextRule.Breaches(new SourceFile("src/Planted.cs", text)).Any().ShouldBe(isBreach);

    private static bool IsStatement(Type type) =>
        type is { IsInterface: false, IsAbstract: false }
        && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStatement<>));

    private static string TextOf(Type statement)
    {
        var property = statement.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Single(p => p.Name == "Sql" || p.Name.EndsWith(".Sql", StringComparison.Ordinal));
        return (string)property.GetValue(null)!;
    }
}
