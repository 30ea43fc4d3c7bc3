drop view core.audit_trail;
drop view core.activity_trail;
drop table core.idempotency_keys;
drop table core.outbox;
drop table core.activity_log;
drop table core.audit_log;
drop function core.audit_trigger();
drop function core.rebuild_trails();
drop function core.make_partitions(text, text, int);
