using Gamekeeper.Migrations;

namespace Gamekeeper.Tests.Migrations;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("select 1; select 2", 2)]
    [InlineData("select ';'; select 2;", 2)]
    [InlineData("select 'it''s; fine'; select \"a;b\";", 2)]
    [InlineData("-- one; two\nselect 1;", 1)]
    [InlineData("/* one; two */ select 1;", 1)]
    [InlineData("do $$ begin null; null; end $$; select 1;", 2)]
    [InlineData("do $tag$ select $$;$$; $tag$; select 1;", 2)]
    [InlineData("select $1; select 2;", 2)]
    [InlineData("-- nothing but talk;\n;;", 0)]
    public void A_script_is_cut_where_a_statement_ends_and_nowhere_else(string script, int statements) =>
        SqlScript.Split(script).Count.ShouldBe(statements);

    [Fact]
    public void A_statement_knows_the_line_it_starts_on() =>
        SqlScript.Split("select 1;\n\n-- why\nselect 2;\nselect 3;").Select(s => s.Line).ShouldBe([1, 3, 5]);
}
