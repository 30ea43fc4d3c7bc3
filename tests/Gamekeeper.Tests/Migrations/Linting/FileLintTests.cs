using Gamekeeper.Migrations;
using Gamekeeper.Migrations.Linting;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Migrations.Linting;

public sealed class FileLintTests
{
    private const string Head = "-- Locks: none.\n";

    [Fact]
    public async Task The_files_of_this_process_have_nothing_to_be_said_against_them()
    {
        await using var db = await TestDatabase.CreateAsync();

        db.Get<Migrator>().Lint().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("missing-locks", "select 1;")]
    [InlineData("plain-drop", Head + "alter table g.t drop column size;")]
    [InlineData("plain-drop", Head + "alter table g.t drop size;")]
    [InlineData("plain-drop", Head + "DROP TABLE g.t;")]
    [InlineData("not-null-column", Head + "alter table g.t add column size int not null;\ncomment on column g.t.size is 'internal: x';")]
    [InlineData("not-null-column", Head + "alter table g.t add column a int, add column b int not null;\ncomment on column g.t.a is 'internal: x';\ncomment on column g.t.b is 'internal: x';")]
    [InlineData("blocking-index", Head + "create index idx_t on g.t (id);")]
    [InlineData("blocking-index", Head + "create unique index if not exists idx_t on only g.t (id);")]
    [InlineData("concurrently-in-transaction", Head + "create index concurrently idx_t on g.t (id);")]
    [InlineData("needless-no-transaction", Head + "--@no-transaction\nalter table g.t alter column id type bigint;")]
    [InlineData("constraints-together", Head + "alter table g.t add constraint a check (true), add constraint b check (true);")]
    [InlineData("table-class", Head + "create table g.u (\n  id int\n);\ncomment on column g.u.id is 'internal: x';")]
    [InlineData("column-class", Head + "create table g.u (\n  id int\n);\ncomment on table g.u is 'local: x';")]
    [InlineData("column-class", Head + "create table g.u (\n  id int, price numeric(10, 2), constraint c check (id > 0)\n);\ncomment on table g.u is 'local: x';\ncomment on column g.u.id is 'internal: x';")]
    [InlineData("column-class", Head + "alter table g.t add column size int;\ncomment on column g.t.size is 'secretive: x';")]
    public void A_file_that_will_hurt_is_found(string rule, string up) => Rules(up).ShouldBe([rule]);

    [Theory]
    [InlineData("-- Locks: none.\nselect 'drop table g.t'; -- drop table g.t")]
    [InlineData("-- Locks: none.\ndo $$ begin execute 'drop table g.t; drop table g.u'; end $$;")]
    [InlineData("-- Locks: t, for a moment.\n--@contract\nalter table g.t drop column size;")]
    [InlineData("-- Locks: t, for a moment.\nalter table g.t drop constraint c;")]
    [InlineData("-- Locks: t, for a moment.\nalter table g.t alter column size drop not null;")]
    [InlineData("-- Locks: t.\nalter table g.t add column size int not null default 0;\ncomment on column g.t.size is 'internal: x';")]
    [InlineData("-- Locks: t.\n--@small-table\ncreate index idx_t on g.t (id);")]
    [InlineData("-- Locks: none.\n--@no-transaction\ncreate index concurrently idx_t on g.t (id);")]
    [InlineData("-- Locks: none.\ncreate table g.u (\n  id int\n);\ncreate index idx_u on g.u (id);\ncomment on table g.u is 'reference: x';\ncomment on column g.u.id is 'public: x';")]
    [InlineData("-- Locks: none.\ncreate table g.t_2026_11 partition of g.t for values from (1) to (2);")]
    public void A_file_that_does_no_harm_is_left_alone(string up) => Rules(up).ShouldBeEmpty();

    [Fact]
    public void A_file_without_a_way_back_is_found() =>
        FileLint.Check([MigrationFile.Parse("g", "20260101000000_t", Head + "select 1;", null)]).Single().Rule.ShouldBe("missing-down");

    [Fact]
    public void A_directive_that_nobody_knows_is_refused() =>
        Should.Throw<ArgumentException>(() => MigrationFile.Parse("g", "20260101000000_t", "--@no-transactoin\nselect 1;", ""))
            .Message.ShouldContain("no-transactoin");

    private static List<string> Rules(string up)
    {
        const string Before = "-- Locks: none.\ncreate table g.t (\n  id int\n);\ncomment on table g.t is 'local: x';\ncomment on column g.t.id is 'internal: x';";
        return
        [
            .. FileLint.Check(
                [
                    MigrationFile.Parse("g", "20260101000000_before", Before, "drop table g.t;"),
                    MigrationFile.Parse("g", "20260102000000_it", up, "select 1;"),
                ]
            ).Select(f => f.Rule),
        ];
    }
}
