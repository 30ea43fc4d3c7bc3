-- Offers of three cards for three between players whose cards the product has minted, and beside the second half of them everything that
-- accepting one sends in its second round trip, precomputed: pgbench cannot sign.
drop table if exists bench.offers, bench.staged;
create table bench.offers (
  n int not null,
  trade uuid not null,
  proposer uuid not null,
  target uuid not null,
  offered uuid[] not null,
  requested uuid[] not null,
  constraint offers_pkey primary key (n)
);

with cards as (
  select c.id, p.number - current_setting('bench.first_trader')::int as player, row_number() over (partition by c.owner_id order by c.id) - 1 as place
  from generate_series(current_setting('bench.first_trader')::int,
                       current_setting('bench.first_trader')::int + current_setting('bench.traders')::int - 1) p (number)
  join summoners_grid.card_instances c on c.owner_id = bench.player(p.number)
  where c.created_at >= current_setting('bench.minted_since')::timestamptz
),
sides as (
  select id, player, place / 6 as round, place % 6 < 3 as offers
  from cards
),
counted as (
  select
    n,
    n % current_setting('bench.traders')::int as proposer,
    (n + current_setting('bench.traders')::int / 2) % current_setting('bench.traders')::int as target,
    n / current_setting('bench.traders')::int as round
  from generate_series(0, current_setting('bench.trades')::int - 1) n
)
insert into bench.offers (n, trade, proposer, target, offered, requested)
select
  n,
  bench.uuid7((extract(epoch from clock_timestamp()) * 1000)::bigint),
  bench.player(current_setting('bench.first_trader')::int + counted.proposer),
  bench.player(current_setting('bench.first_trader')::int + counted.target),
  offered.cards,
  requested.cards
from counted
join (select player, round, array_agg(id) as cards from sides where offers group by 1, 2) offered
  on offered.player = counted.proposer and offered.round = counted.round
join (select player, round, array_agg(id) as cards from sides where not offers group by 1, 2) requested
  on requested.player = counted.target and requested.round = counted.round;

insert into summoners_grid.trade_proposals (id, proposer_id, target_player_id, offered_cards, requested_cards, expires_at)
select trade, proposer, target, offered, requested, now() + interval '1 day' from bench.offers order by n;

create table bench.staged (
  n int not null,
  trade text not null,
  actor text not null,
  request text not null,
  key text not null,
  fingerprint text not null,
  outcome text not null,
  operation text not null,
  sequence text not null,
  root text not null,
  key_id text not null,
  operation_signature text not null,
  moment text not null,
  cards text not null,
  givers text not null,
  takers text not null,
  positions text not null,
  signatures text not null,
  events text not null,
  methods text not null,
  datas text not null,
  salts text not null,
  hashes text not null,
  topics text not null,
  subjects text not null,
  versions text not null,
  payloads text not null,
  details text not null,
  constraint staged_pkey primary key (n)
);
insert into bench.staged
select
  n,
  trade::text,
  target::text,
  bench.uuid7(ms)::text,
  'accept-' || trade,
  sha256(trade::text::bytea)::text,
  json_build_object('trade', trade)::text,
  bench.uuid7(ms)::text,
  sequence::text,
  sha256(n::text::bytea)::text,
  '00000000',
  (sha256(('r' || n)::bytea) || sha256(('s' || n)::bytea))::text,
  now()::text,
  moved.cards::text,
  moved.givers::text,
  moved.takers::text,
  moved.positions::text,
  moved.signatures::text,
  moved.events::text,
  moved.methods::text,
  array_fill(jsonb_build_object('trade', trade), array[6])::text,
  moved.salts::text,
  moved.hashes::text,
  array['trade.completed']::text,
  array[trade]::text,
  array[sequence]::text,
  array['{}'::jsonb]::text,
  json_build_object('operation', trade, 'cards', 6, 'rivals', 0)::text
from (
  select *, nextval('summoners_grid.ownership_sequence') as sequence, (extract(epoch from clock_timestamp()) * 1000)::bigint as ms
  from bench.offers
  where n >= current_setting('bench.trades')::int / 2
) offers
cross join lateral (
  select
    array_agg(card order by card) as cards,
    array_agg(giver order by card) as givers,
    array_agg(taker order by card) as takers,
    array_agg(2 order by card) as positions,
    array_agg('00000000:' || md5(card || 'a') || md5(card || 'b') order by card) as signatures,
    array_agg(case when card is not null then bench.uuid7(ms) end) as events,
    array_agg('trade'::text) as methods,
    array_agg(substr(sha256(card::text::bytea), 1, 16)) as salts,
    array_agg(sha256(card::text::bytea)) as hashes
  from (
    select unnest(offered) as card, proposer as giver, target as taker
    union all
    select unnest(requested), target, proposer
  ) cards
) moved;
analyze bench.offers, bench.staged, summoners_grid.trade_proposals, summoners_grid.card_instances, summoners_grid.ownership_history;
