-- A public deck for every player, with its three summons as a document; twenty decks share two of them.
set session_replication_role = replica;
set maintenance_work_mem = '512MB';
select bench.drop_indexes('{summoners_grid.decks}');

insert into summoners_grid.decks (id, owner_id, name, summon_slots, main_deck, advance_deck, is_public, updated_at)
select
  bench.uuid7(1700000000000 + i),
  bench.player(i),
  'Deck ' || i,
  jsonb_build_object(
    'slot1', jsonb_build_object('template', 'bench-' || lpad((i % templates + 1)::text, 3, '0')),
    'slot2', jsonb_build_object('template', 'bench-' || lpad((i / templates % 20 + 1)::text, 3, '0')),
    'slot3', jsonb_build_object('template', 'bench-' || lpad((i * 7919::bigint % templates + 1)::text, 3, '0'))),
  '{}',
  '{}',
  true,
  now() - i * interval '1 second'
from generate_series(1, current_setting('bench.users')::int) i
cross join (select current_setting('bench.templates')::int as templates) t;

select bench.make_indexes();
set session_replication_role = origin;
