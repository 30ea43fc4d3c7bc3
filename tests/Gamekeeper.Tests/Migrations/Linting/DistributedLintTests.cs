using Gamekeeper.Migrations;
using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.Migrations.Linting;

public sealed class DistributedLintTests
{
    [Fact]
    public async Task What_a_split_by_rows_would_have_to_drop_is_named()
    {
        await using var db = await TestDatabase.CreateAsync();
        await db.ExecuteAsync(
            TestRole.Owner,
            """
            create table sample_game.kinds (id int constraint kinds_pkey primary key);
            comment on table sample_game.kinds is 'reference: kinds of purses';
            create table sample_game.moves (
              coin_id uuid not null constraint moves_coin_fkey references sample_game.coins (id),
              kind int constraint moves_kind_fkey references sample_game.kinds (id),
              other_coin_id uuid constraint moves_other_fkey references sample_game.coins (id),
              number bigint constraint moves_number_key unique,
              run bigint constraint moves_run_fkey references core.job_runs (id),
              constraint moves_pkey primary key (coin_id, number));
            comment on table sample_game.moves is 'distributed(coin_id, coin): moves of a purse';
            create table sample_game.loose (id int);
            """
        );

        var findings = await db.Get<Migrator>().LintDistributedAsync();

        findings.Where(f => f.Where is "sample_game.moves" or "sample_game.loose" or "sample_game.coins")
            .Select(f => (f.Rule, f.Finding.Split(' ')[0]))
            .ShouldBe(
                [
                    ("table-class", "declares"),
                    ("unique-without-key", "moves_number_key"),
                    ("foreign-key-crosses-shards", "moves_other_fkey"),
                    ("foreign-key-crosses-schema", "moves_run_fkey"),
                ]
            );
    }
}
