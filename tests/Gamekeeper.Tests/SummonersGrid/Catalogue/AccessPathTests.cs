using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>
/// Every documented way to look something up, explained on a filled database with the planner's own settings, and the index that
/// serves it. Where an index is wider than the documented one or stands under a constraint's name, that one is listed.
/// </summary>
public sealed class AccessPathTests(AccessPathTests.Filled filled) : IClassFixture<AccessPathTests.Filled>
{
    private const string Someone = "md5('account77')::uuid";
    private const string Busy = "md5('account1')::uuid";
    private const string SomeCard = "md5('card77')::uuid";

    private const string TemplateText = "to_tsvector('english', name || ' ' || coalesce(flavor_text, ''))";
    private const string UserText = "username || ' ' || coalesce(display_name, '')";

    public static TheoryData<string, string> Paths =>
        new()
        {
            { "select id from summoners_grid.users where lower(username) = 'filled77'", "idx_users_username" },
            { $"select id from summoners_grid.card_instances where owner_id = {Someone} order by created_at desc, id desc limit 50", "idx_card_instances_owner_newest" },
            { $"select id from summoners_grid.card_instances where owner_id = {Someone} and template_id = 'filled-78'", "idx_card_instances_owner_template" },
            { "select id from summoners_grid.card_instances where template_id = 'filled-77'", "idx_card_instances_template" },
            { "select id from summoners_grid.card_instances where signature = '00000000:' || md5('s77') || md5('t77')", "card_instances_signature_key" },
            { $"select id from summoners_grid.ownership_history where card_instance_id = {SomeCard} order by position", "ownership_history_card_position_key" },
            { $"select id from summoners_grid.ownership_history where previous_owner_id = {Someone}", "idx_ownership_history_owners" },
            { $"select id from summoners_grid.ownership_history where previous_owner_id = {Someone} and new_owner_id = md5('account84')::uuid", "idx_ownership_history_owners" },
            { $"select id from summoners_grid.ownership_history where new_owner_id = {Someone}", "idx_ownership_history_new_owner" },
            { $"select id from summoners_grid.decks where owner_id = {Someone} order by updated_at desc, id desc", "idx_decks_owner" },
            { "select id from summoners_grid.decks where is_public order by updated_at desc, id desc limit 50", "idx_decks_public" },
            { "select id from summoners_grid.trade_proposals where status = 'pending' and expires_at < now() + interval '5 minutes'", "idx_trade_proposals_status_expires" },
            { $"select id from summoners_grid.trade_proposals where target_player_id = {Someone} order by created_at desc, id desc", "idx_trade_proposals_target" },
            { $"select id from summoners_grid.trade_proposals where proposer_id = {Someone} order by created_at desc, id desc", "idx_trade_proposals_proposer" },
            { $"select id from summoners_grid.trade_proposals where status = 'pending' and (offered_cards || requested_cards) && array[{SomeCard}]", "idx_trade_proposals_open_cards" },
            { "select id from summoners_grid.trade_proposals where operation_id = md5('operation71')::uuid", "idx_trade_proposals_operation" },
            { $"select id from summoners_grid.game_sessions where player_a_id = {Someone} and player_b_id = md5('account84')::uuid", "idx_game_sessions_players" },
            { $"select id from summoners_grid.game_sessions where player_a_id = {Someone} and status = 'active'", "idx_game_sessions_player_status" },
            { $"select id from summoners_grid.game_sessions where player_b_id = {Someone} and status = 'active'", "idx_game_sessions_player_b_status" },
            { $"select id from summoners_grid.game_sessions where player_a_id = {Busy} order by start_time desc, id desc limit 50", "idx_game_sessions_player_a_newest" },
            { $"select id from summoners_grid.game_sessions where player_b_id = {Busy} order by start_time desc, id desc limit 50", "idx_game_sessions_player_b_newest" },
            { "select id from summoners_grid.game_sessions where status = 'active' order by start_time desc, id desc limit 50", "idx_game_sessions_status" },
            { $"select id from summoners_grid.game_sessions where winner_id = {Someone}", "idx_game_sessions_winner" },
            { "select id from summoners_grid.game_sessions where game_id = 'game77'", "game_sessions_game_id_key" },
            { "select id from summoners_grid.card_templates order by usage_count desc, id limit 20", "idx_card_templates_usage" },
            { "select id from summoners_grid.card_templates order by name, id limit 20", "idx_card_templates_name" },
            { """select id from summoners_grid.card_templates where effects @> '[{"kind": "effect77"}]'""", "idx_card_templates_effects" },
            { """select id from summoners_grid.card_templates where attributes @> '{"faction": "faction77"}'""", "idx_card_templates_attributes" },
            { """select id from summoners_grid.card_instances where unique_stats @> '{"attack": 70}'""", "idx_card_instances_stats" },
            { $"select id from summoners_grid.card_templates where {TemplateText} @@ websearch_to_tsquery('english', 'lighthouses')", "idx_card_templates_search" },
            {
                $"""
                select id from summoners_grid.users where to_tsvector('english', {UserText}) @@ websearch_to_tsquery('english', 'wanderer')
                order by ts_rank(to_tsvector('english', {UserText}), websearch_to_tsquery('english', 'wanderer')) desc, id limit 20
                """,
                "idx_users_search"
            },
            { $"select id from summoners_grid.users where to_tsvector('simple', {UserText}) @@ websearch_to_tsquery('simple', 'wanderer')", "idx_users_search_simple" },
            { "select id from core.login_sessions where refresh_token_hash = encode(sha256('77'), 'hex')", "login_sessions_token_unique" },
            { $"select id from core.login_sessions where account_id = {Someone} order by created_at desc", "idx_login_sessions_account" },
        };

    /// <summary>
    /// Row security asks its own question of a deck first, and none of these operators promises not to leak what it sees, so as the
    /// application they cannot use an index. They are asked by someone whom row security lets pass.
    /// </summary>
    public static TheoryData<string, string> PathsPastRowSecurity =>
        new()
        {
            { """select id from summoners_grid.decks where is_public and summon_slots @> jsonb_build_object('slot1', md5('card100'))""", "idx_decks_summon_slots" },
            { $"select id from summoners_grid.decks where summoners_grid.deck_cards(main_deck, advance_deck, summon_slots) && array[{SomeCard}]", "idx_decks_cards" },
        };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task The_application_looks_up_by_index(string sql, string index) =>
        (await filled.ExplainAsync(TestRole.App, sql)).ShouldMatch($@"\b{index}\b");

    [Theory]
    [MemberData(nameof(PathsPastRowSecurity))]
    public async Task Past_row_security_decks_are_looked_up_by_index(string sql, string index) =>
        (await filled.ExplainAsync(TestRole.Superuser, sql)).ShouldMatch($@"Bitmap Index Scan on {index}\b");

    [Fact]
    public async Task A_lookup_that_no_index_serves_is_seen_to_scan() =>
        (await filled.ExplainAsync(TestRole.App, "select id from summoners_grid.card_instances where acquired_method = 'theft'"))
            .ShouldContain("Seq Scan on card_instances");

    [Fact]
    public async Task Private_decks_do_not_swell_the_list_of_public_ones()
    {
        const string ofPublic = "select pg_relation_size('summoners_grid.idx_decks_public')";
        const string ofOwner = "select pg_relation_size('summoners_grid.idx_decks_owner')";
        var (before, ownerBefore) = (await filled.ScalarAsync<long>(ofPublic), await filled.ScalarAsync<long>(ofOwner));

        await filled.ExecuteAsync(
            """
            insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck)
            select md5('account' || i)::uuid, 'Private ' || i, '{}', '{}', '{}' from generate_series(1, 5000) i
            """
        );

        (await filled.ScalarAsync<long>(ofPublic)).ShouldBe(before);
        (await filled.ScalarAsync<long>(ofOwner)).ShouldBeGreaterThan(ownerBefore, "the other index did grow");
    }

    /// <summary>Tens of thousands of rows in each table.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        private GridWorld _world = null!;

        public async ValueTask InitializeAsync()
        {
            _world = await GridWorld.CreateAsync();
            await using var stream = typeof(Filled).Assembly.GetManifestResourceStream("Gamekeeper.Tests.SummonersGrid.Catalogue.filled.sql")!;
            using var reader = new StreamReader(stream);
            await ExecuteAsync(await reader.ReadToEndAsync());
        }

        internal async Task<string> ExplainAsync(TestRole role, string sql) =>
            string.Join('\n', await _world.Database.ListAsync<string>(role, $"explain {sql}"));

        internal Task ExecuteAsync(string sql) => _world.Database.ExecuteAsync(TestRole.Superuser, sql);

        internal Task<T?> ScalarAsync<T>(string sql) => _world.Database.ScalarAsync<T>(TestRole.Superuser, sql);

        public ValueTask DisposeAsync() => _world.DisposeAsync();
    }
}
