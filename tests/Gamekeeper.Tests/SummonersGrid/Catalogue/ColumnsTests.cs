using Gamekeeper.Tests.Harness;

namespace Gamekeeper.Tests.SummonersGrid.Catalogue;

/// <summary>Each table as it is promised, column by column, against the catalogues of the migrated database.</summary>
public sealed class ColumnsTests(CatalogueDatabase shared) : IClassFixture<CatalogueDatabase>
{
    // Address, password and last sign-in are the account's, which serves all games; the names here are copies for this game's indexes.
    private const string Users = """
        id uuid not null default gen_random_uuid()
        username character varying(50) not null
        display_name character varying(100)
        avatar_url text
        level integer not null default 1
        experience integer not null default 0
        rating integer not null default 1000
        peak_rating integer not null default 1000
        total_games integer not null default 0
        games_won integer not null default 0
        is_active boolean not null default true
        frozen_at timestamp with time zone
        account_version bigint not null default 0
        created_at timestamp with time zone not null default now()
        updated_at timestamp with time zone not null default now()
        """;

    // The address is kept as ciphertext; its uniqueness is held by a registry of keyed hashes.
    private const string Accounts = """
        id uuid not null default gen_random_uuid()
        kind text not null default 'person'::text
        username character varying(50) not null
        username_key text not null generated lower((username)::text)
        display_name character varying(100)
        avatar_url text
        email_ciphertext bytea
        email_verified boolean not null default false
        password_hash character varying(255)
        roles text[] not null default '{}'::text[]
        settings jsonb not null default '{}'::jsonb
        is_active boolean not null default true
        frozen_at timestamp with time zone
        frozen_reason character varying(500)
        closed_at timestamp with time zone
        version bigint not null default 1
        created_at timestamp with time zone not null default now()
        updated_at timestamp with time zone not null default now()
        last_login timestamp with time zone
        foreign_password_hash character varying(512)
        """;

    private const string CardTemplates = """
        id character varying(50) not null
        name character varying(100) not null
        type character varying(50) not null
        rarity character varying(20) not null
        cost jsonb
        requirements jsonb
        effects jsonb
        attributes jsonb
        stats jsonb
        flavor_text text
        image_url text
        usage_count integer not null default 0
        created_at timestamp with time zone not null default now()
        updated_at timestamp with time zone not null default now()
        """;

    private const string CardInstances = """
        id uuid not null default gen_random_uuid()
        template_id character varying(50) not null
        owner_id uuid not null
        unique_stats jsonb
        signature character varying(512) not null
        signature_chain text[] not null default '{}'::text[]
        events integer not null default 1
        acquired_method character varying(50) not null
        acquisition_data jsonb
        created_at timestamp with time zone not null default now()
        last_transferred timestamp with time zone
        frozen_at timestamp with time zone
        frozen_reason character varying(50)
        """;

    // Append-only, so what verification found is not here: see ownership_verifications.
    private const string OwnershipHistory = """
        id uuid not null default gen_random_uuid()
        card_instance_id uuid not null
        position integer not null
        operation_id uuid not null
        previous_owner_id uuid
        new_owner_id uuid not null
        transfer_method character varying(50) not null
        transfer_data jsonb
        data_salt bytea
        previous_hash bytea
        signature character varying(512) not null
        created_at timestamp with time zone not null
        """;

    private const string OwnershipVerifications = """
        card_instance_id uuid not null
        verified_events integer not null
        head_signature character varying(512) not null
        verified_at timestamp with time zone not null default now()
        """;

    private const string Decks = """
        id uuid not null default gen_random_uuid()
        owner_id uuid not null
        name character varying(100) not null
        description text
        format character varying(50) not null default '3v3'::character varying
        summon_slots jsonb not null
        main_deck uuid[] not null
        advance_deck uuid[] not null
        is_valid boolean not null default false
        validation_errors jsonb
        is_public boolean not null default false
        created_at timestamp with time zone not null default now()
        updated_at timestamp with time zone not null default now()
        version bigint not null default 1
        """;

    private const string Friendships = """
        id uuid not null default gen_random_uuid()
        requester_id uuid not null
        addressee_id uuid not null
        status character varying(20) not null default 'pending'::character varying
        since timestamp with time zone not null default now()
        requester_blocks_since timestamp with time zone
        addressee_blocks_since timestamp with time zone
        created_at timestamp with time zone not null default now()
        updated_at timestamp with time zone not null default now()
        """;

    private const string TradeProposals = """
        id uuid not null default gen_random_uuid()
        proposer_id uuid not null
        target_player_id uuid not null
        offered_cards uuid[] not null
        requested_cards uuid[] not null
        status character varying(20) not null default 'pending'::character varying
        message text
        expires_at timestamp with time zone not null
        completed_at timestamp with time zone
        cancellation_reason character varying(100)
        operation_id uuid
        created_at timestamp with time zone not null default now()
        """;

    private const string GameSessions = """
        id uuid not null default gen_random_uuid()
        game_id character varying(100) not null
        game_mode character varying(50) not null
        format character varying(50) not null default '3v3'::character varying
        player_a_id uuid not null
        player_b_id uuid not null
        winner_id uuid
        status character varying(20) not null default 'active'::character varying
        start_time timestamp with time zone not null default now()
        end_time timestamp with time zone
        duration_seconds integer
        rating_changes jsonb
        game_data jsonb
        created_at timestamp with time zone not null default now()
        """;

    // One shape for every schema; address and agent stand once per request in the activity log.
    private const string AuditLog = """
        id bigint not null identity
        created_at timestamp with time zone not null default now()
        table_name text not null
        record_id text not null
        action text not null
        old_values jsonb
        new_values jsonb
        user_id uuid
        actor_kind text
        request_id uuid
        """;

    private const string LoginSessions = """
        id uuid not null default gen_random_uuid()
        account_id uuid not null
        refresh_token_hash character varying(255) not null
        expires_at timestamp with time zone not null
        last_used timestamp with time zone not null default now()
        ip_address inet
        user_agent text
        revoked boolean not null default false
        revoked_at timestamp with time zone
        generation integer not null default 0
        created_at timestamp with time zone not null default now()
        """;

    public static TheoryData<string, string> Promised =>
        new()
        {
            { "summoners_grid.users", Users },
            { "core.accounts", Accounts },
            { "summoners_grid.card_templates", CardTemplates },
            { "summoners_grid.card_instances", CardInstances },
            { "summoners_grid.ownership_history", OwnershipHistory },
            { "summoners_grid.ownership_verifications", OwnershipVerifications },
            { "summoners_grid.decks", Decks },
            { "summoners_grid.friendships", Friendships },
            { "summoners_grid.trade_proposals", TradeProposals },
            { "summoners_grid.game_sessions", GameSessions },
            { "summoners_grid.audit_log", AuditLog },
            { "core.audit_log", AuditLog },
            { "core.login_sessions", LoginSessions },
        };

    [Theory]
    [MemberData(nameof(Promised))]
    public async Task A_table_has_the_promised_columns_with_type_nullability_and_default(string table, string columns)
    {
        (await ColumnsAsync(table)).ShouldBe(columns.Split('\n'));
    }

    [Fact]
    public async Task No_column_stores_a_time_without_a_zone()
    {
        (await shared.Database.ListAsync<string>(
            TestRole.Superuser,
            """
            select table_schema || '.' || table_name || '.' || column_name
            from information_schema.columns
            where data_type = 'timestamp without time zone'
              and table_schema not in ('pg_catalog', 'information_schema')
            """
        )).ShouldBeEmpty();
    }

    private Task<IReadOnlyList<string>> ColumnsAsync(string table) =>
        shared.Database.ListAsync<string>(
            TestRole.Superuser,
            $"""
            select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || case when a.attnotnull then ' not null' else '' end
              || case when a.attidentity <> '' then ' identity' else '' end
              || coalesce(case when a.attgenerated <> '' then ' generated ' else ' default ' end || pg_get_expr(d.adbin, d.adrelid), '')
            from pg_attribute a
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attrelid = '{table}'::regclass and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """
        );
}
