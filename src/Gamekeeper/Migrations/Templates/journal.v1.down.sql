-- Takes back what journal.v1 made in {schema}; every trigger that uses it must be gone before.
drop view if exists core.audit_trail;
drop view if exists core.activity_trail;
drop table {schema}.idempotency_keys;
drop table {schema}.outbox;
drop table {schema}.activity_log;
drop table {schema}.audit_log;
drop function {schema}.audit_trigger();
select core.rebuild_trails();
