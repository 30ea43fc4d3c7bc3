using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.Operations.Monitoring;

public sealed class ShownStatementTests(ShownStatementTests.Shared shared) : IClassFixture<ShownStatementTests.Shared>
{
    /// <summary>Constants that pg_stat_statements keeps: of utility statements, and of what it first sees when it ends.</summary>
    [Theory]
    [InlineData("create role x login password 'Sesame'", "create role …")]
    [InlineData("CREATE  ROLE\n  sesame", "CREATE ROLE …")]
    [InlineData("set local app.name = Sesame", "set local …")]
    [InlineData("copy (select 'Sesame') to stdout", "copy …")]
    [InlineData("explain analyze select 'Sesame'", "explain …")]
    [InlineData("do $$ begin perform 'Sesame'; end $$", "do …")]
    [InlineData("drop sesame", "drop …")]
    [InlineData("select * from t where name = 'Sesame'", "select …")]
    [InlineData("/* Cards.Find */ select * from t where name = 'Sesame'", "/* Cards.Find */ select …")]
    [InlineData("select E'a\\'Sesame' from t", "select …")]
    [InlineData("select $x$Sesame$x$ from t", "select …")]
    [InlineData("select $$Sesame$$ from t", "select …")]
    [InlineData("select a from t /* for Sesame */ where b = $1 -- Sesame", "select a from t where b = $1")]
    [InlineData("/* for Sesame */ select a from t where b = $1", "select a from t where b = $1")]
    [InlineData("select /* one /* two */ Sesame */ a from t", "select …")]
    [InlineData("select a2, $1::numeric(10,2) from t_3 where id = 4711 and x = $12 or y > 1.5e10", "select a2, $1::numeric(?,?) from t_3 where id = ? and x = $12 or y > ?")]
    [InlineData("(select a from t) union (select b from u)", "(select a from t) union (select b from u)")]
    [InlineData("/* Cards.Find */\n  with x as (\n select 1)\n select\t* from x", "/* Cards.Find */ with x as ( select ?) select * from x")]
    [InlineData("", "…")]
    public async Task Nothing_that_is_somebody_s_shows_in_a_statement(string text, string shown)
    {
        await using var connection = await shared.Database.OpenAsync(TestRole.Owner);
        await using var command = new NpgsqlCommand("select core.shown_statement($1)", connection) { Parameters = { new() { Value = text } } };

        (await command.ExecuteScalarAsync()).ShouldBe(shown);
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal TestDatabase Database { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Database = await TestDatabase.CreateAsync();

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
