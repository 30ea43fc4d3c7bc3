-- Cards number bench.from + 1 to bench.to with their first events. One player hoards nearly all of them, so that a page can lie deep; every
-- twentieth belongs to anybody, and bench.collectors players hold 200 each, strewn over the whole stretch.
set session_replication_role = replica;
set maintenance_work_mem = '512MB';

select bench.drop_indexes('{summoners_grid.card_instances,summoners_grid.ownership_history}')
where current_setting('bench.to')::int - current_setting('bench.from')::int >= 50000;

create temp table made as
select
  number,
  bench.uuid7(1700000000000 + number) as id,
  'bench-' || lpad((number * 7919::bigint % current_setting('bench.templates')::int + 1)::text, 3, '0') as template_id,
  case
    when (number - bench_from) % step = 0 and (number - bench_from) / step <= collectors * 200
      then bench.player(first_collector + ((number - bench_from) / step % collectors)::int)
    when number % 20 = 7 then bench.player((number * 31::bigint % current_setting('bench.users')::int + 1)::int)
    else bench.player(1)
  end as owner_id,
  '00000000:' || md5('s' || number) || md5('t' || number) as signature,
  now() - interval '40 days' + number * interval '1 second' as created_at,
  (number - bench_from) / 100 as operation
from (select
    current_setting('bench.from')::int as bench_from,
    current_setting('bench.to')::int as bench_to,
    current_setting('bench.collectors')::int as collectors,
    current_setting('bench.first_collector')::int as first_collector,
    greatest(1, (current_setting('bench.to')::int - current_setting('bench.from')::int) / (current_setting('bench.collectors')::int * 200)) as step
  ) stretch
cross join generate_series(bench_from + 1, bench_to) number;

create temp table operations as
select operation, bench.uuid7(1700000000000 + min(number)) as id, nextval('summoners_grid.ownership_sequence') as sequence, count(*) as cards
from made
group by operation;

insert into summoners_grid.ownership_operations (id, sequence, kind, event_count, events_root, key_id, signature, actor_kind, created_at)
select id, sequence, 'mint', cards, sha256('r'), '00000000', sha256('a') || sha256('b'), 'system', now() from operations;

insert into summoners_grid.card_instances (id, template_id, owner_id, signature, acquired_method, created_at)
select id, template_id, owner_id, signature, 'pack_opening', created_at from made;

insert into summoners_grid.ownership_history (id, card_instance_id, position, operation_id, new_owner_id, transfer_method, signature, created_at)
select bench.uuid7(1700000000000 + number), made.id, 1, operations.id, owner_id, 'pack_opening', signature, created_at
from made
join operations using (operation);

select bench.make_indexes()
where current_setting('bench.to')::int - current_setting('bench.from')::int >= 50000;
drop table made, operations;
set session_replication_role = origin;
