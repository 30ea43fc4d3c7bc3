-- A million owned cards with a history and what belongs to them, written past the verbs. Triggers and foreign keys are off:
-- plans ask how many rows there are, not whether they are signed.
set session_replication_role = replica;

insert into core.accounts (id, username)
select md5('account' || i)::uuid, 'filled' || i
from generate_series(1, 20000) i;

insert into core.login_sessions (account_id, refresh_token_hash, expires_at)
select md5('account' || (i % 20000 + 1))::uuid, encode(sha256(i::text::bytea), 'hex'), now() + i * interval '1 second'
from generate_series(1, 40000) i;

insert into summoners_grid.users (id, username)
select md5('account' || i)::uuid, 'filled' || i
from generate_series(1, 20000) i;

-- Indexes are built once at the end, which is several times faster than row by row.
create temp table later as
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
from pg_index
where indrelid in ('summoners_grid.card_instances'::regclass, 'summoners_grid.ownership_history'::regclass)
  and not indisprimary and not indisunique;
do $$
declare
  index record;
begin
  for index in select * from later loop
    execute 'drop index ' || index.name;
  end loop;
end
$$;

insert into summoners_grid.ownership_operations (id, sequence, kind, event_count, events_root, key_id, signature, actor_kind, created_at)
select md5('operation' || i)::uuid, i, 'mint', 10, sha256('r'), '00000000', sha256('a') || sha256('b'), 'system', now()
from generate_series(1, 100000) i;

insert into summoners_grid.card_instances (id, template_id, owner_id, signature, acquired_method, created_at)
select md5('card' || i)::uuid, 'alpha-' || lpad((i % 132 + 1)::text, 3, '0'), md5('account' || (i % 20000 + 1))::uuid,
       '00000000:' || md5('s' || i) || md5('t' || i), 'pack_opening', now() - i * interval '1 second'
from generate_series(1, 1000000) i;

insert into summoners_grid.ownership_history (card_instance_id, position, operation_id, new_owner_id, transfer_method, signature, created_at)
select md5('card' || i)::uuid, 1, md5('operation' || (i / 10 + 1))::uuid, md5('account' || (i % 20000 + 1))::uuid, 'pack_opening',
       '00000000:' || md5('s' || i) || md5('t' || i), now()
from generate_series(1, 1000000) i;

do $$
declare
  index record;
begin
  for index in select * from later loop
    execute index.definition;
  end loop;
end
$$;

insert into summoners_grid.trade_proposals (proposer_id, target_player_id, offered_cards, requested_cards, status, expires_at, created_at)
select md5('account' || (i % 20000 + 1))::uuid, md5('account' || ((i + 7) % 20000 + 1))::uuid,
       array[md5('card' || i)::uuid], array[md5('card' || (i + 1))::uuid],
       case when i % 10 = 0 then 'pending' else 'declined' end, now() + interval '1 day', now() - i * interval '1 minute'
from generate_series(1, 100000) i;

insert into summoners_grid.compensated_events (event_id, compensation_id)
select id, md5('compensation')::uuid
from summoners_grid.ownership_history
limit 20000;

insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck)
select md5('account' || (i % 20000 + 1))::uuid, 'Deck ' || i, '{}', array[md5('card' || i)::uuid], '{}'
from generate_series(1, 20000) i;

insert into summoners_grid.friendships (requester_id, addressee_id, status, requester_blocks_since, addressee_blocks_since)
select md5('account' || (i % 20000 + 1))::uuid, md5('account' || ((i + i / 20000 + 1) % 20000 + 1))::uuid, status,
       case when status = 'blocked' and i % 8 = 3 then now() end, case when status = 'blocked' and i % 8 = 7 then now() end
from (select i, (array['accepted', 'accepted', 'pending', 'blocked'])[i % 4 + 1] as status from generate_series(1, 60000) i) f;

insert into summoners_grid.game_sessions
  (game_id, game_mode, player_a_id, player_b_id, status, start_time, end_time, duration_seconds, rating_changes, winner_id)
select 'game' || i, 'ranked', a, b, status, now() - i * interval '1 minute',
       case when status <> 'active' then now() end, case when status <> 'active' then 60 end, case when status = 'completed' then '[]'::jsonb end,
       case when status = 'completed' then a end
from (
  select i, md5('account' || (i % 20000 + 1))::uuid as a, md5('account' || ((i + 7) % 20000 + 1))::uuid as b,
         case when i % 100 = 0 then 'active' else 'completed' end as status
  from generate_series(1, 100000) i) m;

insert into summoners_grid.template_uses (template_id, uses)
select 'alpha-' || lpad((i % 132 + 1)::text, 3, '0'), 1
from generate_series(1, 20000) i;

insert into summoners_grid.idempotency_keys (actor_id, key, verb, fingerprint, outcome)
select md5('account' || (i % 20000 + 1))::uuid, 'key' || i, 'card.mint', sha256(i::text::bytea), '{}'
from generate_series(1, 50000) i;

insert into summoners_grid.outbox (topic, subject, version, payload, delivered_at)
select 'card.transferred', i::text, 1, '{}', case when i % 100 = 0 then null else now() end
from generate_series(1, 50000) i;

insert into core.outbox (topic, subject, version, payload, delivered_at)
select 'account.changed', i::text, 1, '{}', case when i % 100 = 0 then null else now() end
from generate_series(1, 50000) i;

insert into summoners_grid.audit_log (table_name, record_id, action, user_id)
select 'card_instances', md5('card' || i), 'INSERT', md5('account' || (i % 20000 + 1))::uuid
from generate_series(1, 100000) i;

insert into summoners_grid.activity_log (action, subject, succeeded, actor_kind, user_id, request_id)
select 'card.mint', i::text, true, 'service', md5('account' || (i % 20000 + 1))::uuid, md5(i::text)::uuid
from generate_series(1, 100000) i;

analyze;
