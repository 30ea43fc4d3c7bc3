-- Players, their accounts and the templates, written past the verbs. Triggers and foreign keys are off while they are loaded.
set session_replication_role = replica;

create schema bench;
grant usage on schema bench to gamekeeper_app;
alter default privileges in schema bench grant select, insert, update, delete on tables to gamekeeper_app;

-- Version 7 of a given millisecond, for rows that the application would have made.
create function bench.uuid7(ms bigint)
returns uuid
language sql
volatile
as $$
  select (lpad(to_hex(ms), 12, '0') || '7' || substr(r, 1, 3) || '8' || substr(r, 4, 15))::uuid
  from (select md5(random()::text) as r offset 0) made
$$;

create function bench.player(number int)
returns uuid
language sql
immutable
as $$ select md5('player' || number)::uuid $$;

create function bench.drop_indexes(tables regclass[])
returns void
language plpgsql
as $$
declare
  index record;
begin
  create temp table dropped_indexes as
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index
    where indrelid = any (tables) and not indisprimary and not indisunique;
  for index in select * from dropped_indexes loop
    execute 'drop index ' || index.name;
  end loop;
end
$$;

-- Built once at the end, which is several times faster than row by row.
create function bench.make_indexes()
returns void
language plpgsql
as $$
declare
  index record;
begin
  for index in select * from dropped_indexes loop
    execute index.definition;
  end loop;
  drop table dropped_indexes;
end
$$;

set maintenance_work_mem = '512MB';
select bench.drop_indexes('{core.accounts,summoners_grid.users}');

create temp table names as
select
  number,
  bench.player(number) as id,
  adjectives[number % 40 + 1] as adjective,
  nouns[number / 40 % 50 + 1] as noun
from generate_series(1, current_setting('bench.users')::int) number
cross join (select
  array['amber', 'brave', 'bronze', 'calm', 'clever', 'cobalt', 'crimson', 'dusty', 'eager', 'fearless', 'frozen', 'gentle', 'gilded',
        'gloomy', 'hidden', 'hollow', 'humble', 'iron', 'jolly', 'keen', 'lonely', 'lucky', 'mellow', 'mighty', 'misty', 'noble', 'pale',
        'quick', 'quiet', 'restless', 'royal', 'rusty', 'sable', 'silent', 'silver', 'stormy', 'swift', 'velvet', 'wandering', 'wild'] as adjectives,
  array['badger', 'basilisk', 'beacon', 'bison', 'comet', 'corsair', 'coyote', 'dragon', 'ember', 'falcon', 'ferret', 'fox', 'gargoyle',
        'ghost', 'giant', 'golem', 'gryphon', 'harbor', 'hawk', 'heron', 'hunter', 'jackal', 'jester', 'kraken', 'lantern', 'leopard',
        'lynx', 'mantis', 'mariner', 'oracle', 'otter', 'owl', 'panther', 'paladin', 'phoenix', 'pilgrim', 'ranger', 'raven', 'reaper',
        'sailor', 'scholar', 'serpent', 'shadow', 'sparrow', 'sphinx', 'summoner', 'tiger', 'titan', 'viper', 'wolf'] as nouns) words;

insert into core.accounts (id, username, display_name)
select id, adjective || '_' || noun || '_' || number, initcap(adjective) || ' ' || initcap(noun)
from names;

insert into summoners_grid.users (id, username, display_name, rating, created_at)
select id, adjective || '_' || noun || '_' || number, initcap(adjective) || ' ' || initcap(noun), 600 + number % 1000,
       now() - number * interval '1 minute'
from names;

select bench.make_indexes();

insert into summoners_grid.card_templates (id, name, type, rarity, cost, requirements, effects, attributes, stats, flavor_text, image_url)
select
  'bench-' || lpad(i::text, 3, '0'),
  'Card number ' || i,
  (array['summon', 'action', 'role', 'unique'])[i % 4 + 1],
  (array['common', 'uncommon', 'rare', 'legendary'])[i % 4 + 1],
  jsonb_build_object('mana', i % 8, 'hand', i % 3),
  jsonb_build_object('level', i % 20, 'role', 'warrior'),
  jsonb_build_array(
    jsonb_build_object('trigger', 'on_play', 'action', 'damage', 'amount', i % 9 + 1, 'target', 'enemy_summon'),
    jsonb_build_object('trigger', 'on_end_of_turn', 'action', 'heal', 'amount', i % 4 + 1, 'target', 'self')),
  jsonb_build_object('faction', 'faction ' || i % 7, 'element', (array['fire', 'water', 'earth', 'air'])[i % 4 + 1],
    'keywords', jsonb_build_array('swift', 'keyword ' || i % 11)),
  jsonb_build_object('attack', i % 13, 'defense', i % 11, 'health', 10 + i % 30, 'speed', i % 6),
  'What is told of card ' || i || ' around the fires of the old grid, where summoners count their losses.',
  'https://cards.example/' || i || '.png'
from generate_series(1, current_setting('bench.templates')::int) i;

-- Fetched by pgbench while it runs, and written by the writers.
create table bench.moves (
  writer int not null,
  place bigint not null,
  payload jsonb not null,
  constraint moves_pkey primary key (writer, place)
);

set session_replication_role = origin;
analyze core.accounts, summoners_grid.users, summoners_grid.card_templates;
