-- The rows of a mint as they end up in the tables, with new ids, for \copy.
drop table if exists bench.finished;
create table bench.finished as
select
  bench.uuid7(ms) as id, c.template_id, c.owner_id, '00000000:' || md5(random()::text) || md5(random()::text) as signature,
  c.acquired_method, c.acquisition_data, bench.uuid7(ms) as event, h.data_salt
from summoners_grid.ownership_history h
join summoners_grid.card_instances c on c.id = h.card_instance_id
cross join (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms) clock
where h.operation_id = current_setting('bench.operation')::uuid;

drop table if exists bench.finished_operation;
create table bench.finished_operation as
select
  bench.uuid7((extract(epoch from clock_timestamp()) * 1000)::bigint) as id, nextval('summoners_grid.ownership_sequence') as sequence, kind,
  event_count, events_root, key_id, signature, actor_id, actor_kind, now() as created_at
from summoners_grid.ownership_operations
where id = current_setting('bench.operation')::uuid;
