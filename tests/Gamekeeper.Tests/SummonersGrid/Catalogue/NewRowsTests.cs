using Gamekeeper.Tests.Harness;
using Npgsql;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>How a row begins when only what must be said is said, and what goes along when it ends.</summary>
public sealed class NewRowsTests(CatalogueDatabase shared) : IClassFixture<CatalogueDatabase>
{
    private readonly GridWorld _world = shared.World;

    [Fact]
    public async Task A_new_player_is_of_level_1_and_rating_1000_and_active()
    {
        var player = await BareUserAsync("newcomer");

        (await TextAsync($"select (level, experience, rating, peak_rating, total_games, games_won, is_active) from summoners_grid.users where id = '{player}'"))
            .ShouldBe("(1,0,1000,1000,0,0,t)");
        (await TextAsync($"select (is_active, email_verified, last_login is null) from core.accounts where id = '{player}'")).ShouldBe("(t,f,t)");
    }

    [Fact]
    public async Task A_new_trade_is_pending()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var card = (await _world.MintAsync(a, 1))[0];

        (await TextAsync(
            $$"""
            insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, expires_at)
            values ('{{a.Key}}', '{{b.Key}}', '{{{card}}}', '{}', now() + interval '1 hour')
            returning (status, completed_at is null, cancellation_reason is null)
            """
        )).ShouldBe("(pending,t,t)");
    }

    [Fact]
    public async Task A_new_match_is_3v3_and_active()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());

        (await TextAsync(
            $"""
            insert into summoners_grid.game_sessions (game_id, game_mode, player_a_id, player_b_id)
            values ('new-{a.Key}', 'ranked', '{a.Key}', '{b.Key}')
            returning (status, format, winner_id is null, end_time is null)
            """
        )).ShouldBe("(active,3v3,t,t)");
    }

    [Fact]
    public async Task A_new_deck_is_3v3_and_private_and_not_yet_valid()
    {
        var player = await _world.NewPlayerAsync();

        (await TextAsync(
            $$"""
            insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck)
            values ('{{player.Key}}', 'Deck', '{}', '{}', '{}')
            returning (format, is_public, is_valid, validation_errors is null)
            """
        )).ShouldBe("(3v3,f,f,t)");
    }

    [Fact]
    public async Task A_new_card_counts_one_event_and_is_unverified()
    {
        var card = (await _world.MintAsync(await _world.NewPlayerAsync(), 1))[0];

        (await TextAsync($"select (events, signature_chain, last_transferred is null) from summoners_grid.card_instances where id = '{card}'")).ShouldBe("(1,{},t)");
        (await CountAsync("ownership_verifications", "card_instance_id", card)).ShouldBe(0);
    }

    [Fact]
    public async Task The_history_of_a_card_goes_with_the_card()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var cards = await _world.MintAsync(a, 2);
        await _world.TransferAsync(cards[0], a, b);
        (await CountAsync("ownership_history", "card_instance_id", cards[0])).ShouldBe(2);

        await _world.Database.ExecuteAsync(TestRole.Owner, $"delete from summoners_grid.card_instances where id = '{cards[0]}'");

        (await CountAsync("ownership_history", "card_instance_id", cards[0])).ShouldBe(0);
        (await CountAsync("ownership_history", "card_instance_id", cards[1])).ShouldBe(1, "the other card's history stays");
    }

    [Fact]
    public async Task A_bare_user_takes_the_own_cards_and_decks_along()
    {
        var user = await BareUserAsync("leaver");
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $$"""
            insert into summoners_grid.card_instances (template_id, owner_id, signature, acquired_method)
            values ('alpha-001', '{{user}}', repeat('l', 64), 'test'), ('alpha-002', '{{user}}', repeat('m', 64), 'test');
            insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck) values ('{{user}}', 'Deck', '{}', '{}', '{}');
            """
        );

        await _world.Database.ExecuteAsync(TestRole.Superuser, $"delete from summoners_grid.users where id = '{user}'");

        (await CountAsync("card_instances", "owner_id", user)).ShouldBe(0);
        (await CountAsync("decks", "owner_id", user)).ShouldBe(0);
    }

    [Fact]
    public async Task A_player_who_stands_in_the_history_of_another_s_card_stays()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var card = (await _world.MintAsync(a, 1))[0];
        await _world.TransferAsync(card, a, b);

        var refusal = await Should.ThrowAsync<PostgresException>(
            _world.Database.ExecuteAsync(TestRole.Superuser, $"delete from summoners_grid.users where id = '{a.Key}'")
        );

        refusal.SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation);
        refusal.ConstraintName.ShouldBeOneOf("ownership_history_previous_owner_id_fkey", "ownership_history_new_owner_id_fkey");
    }

    [Fact]
    public async Task Whoever_goes_is_signed_out_everywhere()
    {
        var account = await _world.Database.ScalarAsync<Guid>(TestRole.Superuser, "insert into core.accounts (username) values ('signed-in') returning id");
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"insert into core.login_sessions (account_id, refresh_token_hash, expires_at) values ('{account}', repeat('ab', 32), now() + interval '1 day')"
        );

        await _world.Database.ExecuteAsync(TestRole.Superuser, $"delete from core.accounts where id = '{account}'");

        (await _world.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from core.login_sessions where account_id = '{account}'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_session_holds_a_hash_and_never_a_token()
    {
        var account = await BareUserAsync("token-bearer");

        var refusal = await Should.ThrowAsync<PostgresException>(
            _world.Database.ExecuteAsync(
                TestRole.Superuser,
                $"insert into core.login_sessions (account_id, refresh_token_hash, expires_at) values ('{account}', 'gk_rt_notahash', now() + interval '1 day')"
            )
        );

        refusal.ConstraintName.ShouldBe("login_sessions_token_is_hash");
    }

    private async Task<Guid> BareUserAsync(string username) =>
        await _world.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            $"""
            with account as (insert into core.accounts (username) values ('{username}') returning id)
            insert into summoners_grid.users (id, username) select id, '{username}' from account returning id
            """
        );

    private Task<long> CountAsync(string table, string column, Guid value) =>
        _world.Database.ScalarAsync<long>(TestRole.Superuser, $"select count(*) from summoners_grid.{table} where {column} = '{value}'");

    // A row as PostgreSQL spells it.
    private async Task<string?> TextAsync(string sql)
    {
        await using var connection = await _world.Database.OpenAsync(TestRole.Superuser);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        return (string?)await command.ExecuteScalarAsync();
    }
}
