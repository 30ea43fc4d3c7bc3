-- Enough rows that an index is cheaper than reading the table, written past the verbs: plans ask how many rows there are, not whether
-- they are signed. Triggers and foreign keys are off.
set session_replication_role = replica;

insert into core.accounts (id, username)
select md5('account' || i)::uuid, 'filled' || i
from generate_series(1, 10000) i;

insert into core.login_sessions (account_id, refresh_token_hash, expires_at)
select md5('account' || i)::uuid, encode(sha256(i::text::bytea), 'hex'), now() + i * interval '1 second'
from generate_series(1, 10000) i;

insert into summoners_grid.users (id, username, display_name)
select md5('account' || i)::uuid, 'filled' || i, case when i % 1000 = 0 then 'The Wanderer' else 'Somebody ' || i end
from generate_series(1, 10000) i;

insert into summoners_grid.card_templates (id, name, type, rarity, effects, attributes, flavor_text, usage_count)
select 'filled-' || i, 'Card ' || i, 'action', 'common',
       jsonb_build_array(jsonb_build_object('kind', 'effect' || i % 1000)), jsonb_build_object('faction', 'faction' || i % 1000),
       case when i % 1000 = 0 then 'A lighthouse in the storm' else 'Nothing to see here, said number ' || i end, i
from generate_series(1, 10000) i;

insert into summoners_grid.card_instances (id, template_id, owner_id, signature, acquired_method, created_at, unique_stats)
select md5('card' || i)::uuid, 'filled-' || (i % 10000 + 1), md5('account' || (i % 10000 + 1))::uuid,
       '00000000:' || md5('s' || i) || md5('t' || i), 'pack_opening', now() - i * interval '1 second',
       case when i % 10 = 0 then jsonb_build_object('attack', i) end
from generate_series(1, 50000) i;

insert into summoners_grid.ownership_history
  (card_instance_id, position, operation_id, previous_owner_id, new_owner_id, transfer_method, signature, created_at)
select md5('card' || i)::uuid, 1, md5('operation' || i)::uuid, md5('account' || (i % 10000 + 1))::uuid,
       md5('account' || ((i + 7) % 10000 + 1))::uuid, 'trade', '00000000:' || md5('s' || i) || md5('t' || i), now()
from generate_series(1, 50000) i;

insert into summoners_grid.trade_proposals
  (proposer_id, target_player_id, offered_cards, requested_cards, status, expires_at, created_at, completed_at, operation_id)
select md5('account' || (i % 10000 + 1))::uuid, md5('account' || ((i + 7) % 10000 + 1))::uuid,
       array[md5('card' || i)::uuid], array[md5('card' || (i + 1))::uuid], status, now() + i * interval '1 minute',
       now() - i * interval '1 minute', case when status = 'completed' then now() end, case when status = 'completed' then md5('operation' || i)::uuid end
from (select i, case when i % 10 = 0 then 'pending' when i % 10 = 1 then 'completed' else 'declined' end as status from generate_series(1, 20000) i) t;

insert into summoners_grid.decks (owner_id, name, summon_slots, main_deck, advance_deck, is_public, updated_at)
select md5('account' || (i % 10000 + 1))::uuid, 'Deck ' || i, jsonb_build_object('slot1', md5('card' || i)),
       array[md5('card' || i)::uuid], '{}', i % 100 = 0, now() - i * interval '1 minute'
from generate_series(1, 20000) i;

insert into summoners_grid.game_sessions
  (id, game_id, game_mode, player_a_id, player_b_id, status, start_time, end_time, duration_seconds, rating_changes, winner_id)
select md5('match' || i)::uuid, 'game' || i, 'ranked', a, b, status, now() - i * interval '1 minute',
       case when status <> 'active' then now() end, case when status <> 'active' then 60 end, case when status = 'completed' then '[]'::jsonb end,
       case when status = 'completed' then a end
from (
  select i, md5('account' || (i % 10000 + 1))::uuid as a, md5('account' || ((i + 7) % 10000 + 1))::uuid as b,
         case when i % 100 = 0 then 'active' when i % 100 = 1 then 'abandoned' else 'completed' end as status
  from generate_series(1, 40000) i
  -- Somebody who plays a great deal: the newest few of many.
  union all
  select 40000 + i, case when i % 2 = 0 then md5('account1')::uuid else md5('account2')::uuid end,
         case when i % 2 = 0 then md5('account2')::uuid else md5('account1')::uuid end, 'completed'
  from generate_series(1, 10000) i) m;

analyze;
