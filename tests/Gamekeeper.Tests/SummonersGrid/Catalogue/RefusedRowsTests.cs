using Gamekeeper.SummonersGrid.Matches;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>
/// What the tables refuse by themselves, whoever writes and by whatever path: as superuser, past every verb. Each refusal names its
/// constraint.
/// </summary>
public sealed class RefusedRowsTests(RefusedRowsTests.Shared shared) : IClassFixture<RefusedRowsTests.Shared>
{
    private const string NewCard =
        "insert into summoners_grid.card_instances (template_id, owner_id, signature, acquired_method) values ";

    private const string NewTrade =
        "insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, expires_at) values ";

    private const string NewDeck = "insert into summoners_grid.decks (owner_id, name, main_deck, advance_deck, summon_slots) values ";

    private const string NewMatch = "insert into summoners_grid.game_sessions (game_id, game_mode, player_a_id, player_b_id) values ";

    /// <summary>What is tried, its SQLSTATE, and the constraint or, where a value is missing, the column. @a, @b and @card stand for ids.</summary>
    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { NewCard + "('alpha-001', @a, repeat('s', 63), 'test')", PostgresErrorCodes.CheckViolation, "chk_signature_format" },
            { NewCard + "('no-such-card', @a, repeat('s', 64), 'test')", PostgresErrorCodes.ForeignKeyViolation, "card_instances_template_id_fkey" },
            { NewCard + "('alpha-001', gen_random_uuid(), repeat('s', 64), 'test')", PostgresErrorCodes.ForeignKeyViolation, "card_instances_owner_id_fkey" },
            { NewCard + "('alpha-001', @a, (select signature from summoners_grid.card_instances where id = @card), 'test')", PostgresErrorCodes.UniqueViolation, "card_instances_signature_key" },
            { "insert into summoners_grid.card_templates (id, name, type, rarity) values ('alpha-001', 'x', 'x', 'x')", PostgresErrorCodes.UniqueViolation, "card_templates_pkey" },
            { "update summoners_grid.users set rating = -1 where id = @a", PostgresErrorCodes.CheckViolation, "chk_valid_rating" },
            { "update summoners_grid.users set rating = 5001 where id = @a", PostgresErrorCodes.CheckViolation, "chk_valid_rating" },
            { "insert into core.accounts (username) values ('PLAYER1')", PostgresErrorCodes.UniqueViolation, "accounts_username_unique" },
            { "insert into core.email_hashes (key_id, email_hash, account_id) select '00000000', sha256('mira@example.com'), id from core.accounts where id in (@a, @b)", PostgresErrorCodes.UniqueViolation, "email_hashes_pkey" },
            { NewTrade + "(@a, @a, array[@card]::uuid[], '{}', now() + interval '1 day')", PostgresErrorCodes.CheckViolation, "chk_different_players" },
            { NewTrade + "(@a, @b, array[@card]::uuid[], '{}', now() - interval '1 second')", PostgresErrorCodes.CheckViolation, "chk_valid_expiration" },
            { NewTrade + "(@a, @b, array[@card]::uuid[], '{}', null)", PostgresErrorCodes.NotNullViolation, "expires_at" },
            { NewTrade + "(@a, null, array[@card]::uuid[], '{}', now() + interval '1 day')", PostgresErrorCodes.NotNullViolation, "target_player_id" },
            { NewTrade + "(@b, @a, array[@card]::uuid[], '{}', now() + interval '1 day')", PostgresErrorCodes.CheckViolation, "trade_proposals_cards_are_owned" },
            { NewTrade + "(@a, @b, array[@card, @card]::uuid[], '{}', now() + interval '1 day')", PostgresErrorCodes.CheckViolation, "trade_proposals_cards_are_owned" },
            { NewTrade + "(@a, @b, '{}', '{}', now() + interval '1 day')", PostgresErrorCodes.CheckViolation, "trade_proposals_has_cards" },
            { "update summoners_grid.trade_proposals set status = 'lost'", PostgresErrorCodes.CheckViolation, "trade_proposals_status_values" },
            { "update summoners_grid.trade_proposals set cancellation_reason = repeat('x', 101)", PostgresErrorCodes.StringDataRightTruncation, "" },
            { NewDeck + "(@a, 'Deck', '{}', '{}', null)", PostgresErrorCodes.NotNullViolation, "summon_slots" },
            { NewMatch + "('taken', 'ranked', @a, @b), ('taken', 'ranked', @b, @a)", PostgresErrorCodes.UniqueViolation, "game_sessions_game_id_key" },
            { NewMatch + "('self', 'ranked', @a, @a)", PostgresErrorCodes.CheckViolation, "game_sessions_different_players" },
            { NewMatch + "('nobody', 'ranked', @a, null)", PostgresErrorCodes.NotNullViolation, "player_b_id" },
            { NewMatch + "('stranger', 'ranked', @a, gen_random_uuid())", PostgresErrorCodes.ForeignKeyViolation, "game_sessions_player_b_id_fkey" },
            { NewMatch + "(' ', 'ranked', @a, @b)", PostgresErrorCodes.CheckViolation, "game_sessions_game_id_not_blank" },
            { "update summoners_grid.game_sessions set status = 'paused', end_time = now(), duration_seconds = 1", PostgresErrorCodes.CheckViolation, "game_sessions_status_values" },
            { "update summoners_grid.game_sessions set status = 'abandoned'", PostgresErrorCodes.CheckViolation, "game_sessions_ended_with_time" },
            { "update summoners_grid.game_sessions set status = 'completed', end_time = now(), duration_seconds = 1", PostgresErrorCodes.CheckViolation, "game_sessions_result_when_completed" },
            { "update summoners_grid.game_sessions set status = 'abandoned', end_time = now(), duration_seconds = 1, winner_id = @a", PostgresErrorCodes.CheckViolation, "game_sessions_result_when_completed" },
            { "update summoners_grid.game_sessions set status = 'abandoned', end_time = start_time - interval '1 second', duration_seconds = 1", PostgresErrorCodes.CheckViolation, "game_sessions_end_after_start" },
            { "update summoners_grid.game_sessions set status = 'completed', end_time = now(), duration_seconds = 1, rating_changes = '[]', winner_id = (select id from summoners_grid.users where id not in (@a, @b) limit 1)", PostgresErrorCodes.CheckViolation, "game_sessions_winner_played" },
            { "insert into summoners_grid.audit_log (table_name, record_id, action) values ('users', 'x', 'TRUNCATE')", PostgresErrorCodes.CheckViolation, "audit_log_action_values" },
            { "insert into summoners_grid.ownership_operations (sequence, kind, event_count, events_root, key_id, signature, actor_kind, created_at) values (-1, 'theft', 1, sha256('r'), '00000000', sha256('a') || sha256('b'), 'system', now())", PostgresErrorCodes.CheckViolation, "ownership_operations_kinds" },
            { "update core.accounts set kind = 'ghost' where id = @a", PostgresErrorCodes.CheckViolation, "accounts_kind_values" },
            { "delete from summoners_grid.card_templates where id = 'alpha-001'", PostgresErrorCodes.ForeignKeyViolation, "card_instances_template_id_fkey" },
        };

    /// <summary>The same, on the near side of the limit.</summary>
    public static TheoryData<string> Accepted =>
        [
            NewCard + "('alpha-001', @a, repeat('s', 64), 'test')",
            NewCard + "('alpha-001', @a, repeat('s', 512), 'test')",
            "update summoners_grid.users set rating = 0 where id = @a",
            "update summoners_grid.users set rating = 5000 where id = @a",
            NewTrade + "(@a, @b, array[@card]::uuid[], '{}', now() + interval '1 second')",
            "update summoners_grid.trade_proposals set status = 'expired', cancellation_reason = repeat('x', 100)",
            NewMatch + "(repeat('x', 100), 'ranked', @b, @a)",
            "update summoners_grid.game_sessions set status = 'completed', end_time = start_time, duration_seconds = 0, rating_changes = '[]', winner_id = @b",
        ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_row_that_breaks_a_promise_is_refused_by_name(string sql, string state, string name)
    {
        var refusal = await Should.ThrowAsync<PostgresException>(shared.TryAsync(sql));

        refusal.SqlState.ShouldBe(state, refusal.MessageText);
        (refusal.ConstraintName ?? refusal.ColumnName ?? "").ShouldBe(name);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task A_row_at_the_limit_is_taken(string sql) => (await shared.TryAsync(sql)).ShouldBe(1);

    /// <summary>Two players, a card of the first, an open trade, a match that runs, and somebody else. Whatever is taken is rolled back.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private GridWorld _world = null!;
        private Actor _a = null!;
        private Actor _b = null!;
        private Guid _card;

        public async ValueTask InitializeAsync()
        {
            _world = await GridWorld.CreateAsync();
            (_a, _b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
            _card = (await _world.MintAsync(_a, 1))[0];
            await _world.ProposeAsync(_a, _b, [_card], []);
            await _world.NewPlayerAsync();
            var start = new MatchStart("begun", "ranked", _a.Key, _b.Key);
            (await _world.Get<StartMatch>().RunAsync(_world.Service, start)).ShouldBeOfType<StartMatchOutcome.Started>();
        }

        internal async Task<int> TryAsync(string sql)
        {
            await using var connection = await _world.Database.OpenAsync(TestRole.Superuser);
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var (name, id) in new[] { ("a", _a.Key), ("b", _b.Key), ("card", _card) })
                command.Parameters.AddWithValue(name, id);
            return await command.ExecuteNonQueryAsync();
        }

        public ValueTask DisposeAsync() => _world.DisposeAsync();
    }
}
