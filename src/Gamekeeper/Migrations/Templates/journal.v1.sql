-- What every transaction of {schema} may write beside its own tables, so that it never leaves its schema:
-- row audit, activity, outbox and idempotency keys. Included by the schema's first migration; never changed, only followed by a v2.

-- 1. Row audit: what changed in which row, both images, by whom, in which request.
create table {schema}.audit_log (
  id bigint generated always as identity,
  created_at timestamptz not null default now(),
  table_name text not null,
  record_id text not null,
  action text not null,
  old_values jsonb,
  new_values jsonb,
  user_id uuid,
  actor_kind text,
  request_id uuid,
  constraint audit_log_pkey primary key (id, created_at),
  constraint audit_log_action_values check (action in ('INSERT', 'UPDATE', 'DELETE'))
) partition by range (created_at);
create index idx_audit_log_table_record on {schema}.audit_log (table_name, record_id, created_at desc);
create index idx_audit_log_user on {schema}.audit_log (user_id, created_at desc) where user_id is not null;
create index idx_audit_log_created_at on {schema}.audit_log using brin (created_at);

comment on table {schema}.audit_log is 'distributed(record_id): row audit, append-only, one partition a month';
comment on column {schema}.audit_log.id is 'internal: order of writing';
comment on column {schema}.audit_log.created_at is 'internal: time of the transaction';
comment on column {schema}.audit_log.table_name is 'internal: the logical table';
comment on column {schema}.audit_log.record_id is 'internal: the row''s key as text';
comment on column {schema}.audit_log.action is 'internal: INSERT, UPDATE or DELETE';
comment on column {schema}.audit_log.old_values is 'internal: image before, without personal and secret columns';
comment on column {schema}.audit_log.new_values is 'internal: image after, without personal and secret columns';
comment on column {schema}.audit_log.user_id is 'internal: opaque id of the acting account or service key; no foreign key, it outlives the account';
comment on column {schema}.audit_log.actor_kind is 'internal: player, service, operator or system; null for raw SQL';
comment on column {schema}.audit_log.request_id is 'internal: ties rows of one request together; address and agent stand once in activity_log';

-- One function for every audited table. Arguments: the logical table name (a distributed database renames tables), the key column,
-- and the columns that never enter an image. Security definer: only this path writes the audit log.
-- offset 0 keeps the image from being built twice.
create function {schema}.audit_trigger()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  hidden text[] := coalesce(tg_argv[2:], '{}');
  actor uuid := core.current_actor();
  kind text := core.current_actor_kind();
  request uuid := core.current_request();
begin
  if tg_op = 'INSERT' then
    insert into {schema}.audit_log (table_name, record_id, action, new_values, user_id, actor_kind, request_id)
    select tg_argv[0], image ->> tg_argv[1], tg_op, image - hidden, actor, kind, request
    from (select to_jsonb(r) as image from new_rows r offset 0) images;
  elsif tg_op = 'DELETE' then
    insert into {schema}.audit_log (table_name, record_id, action, old_values, user_id, actor_kind, request_id)
    select tg_argv[0], image ->> tg_argv[1], tg_op, image - hidden, actor, kind, request
    from (select to_jsonb(r) as image from old_rows r offset 0) images;
  else
    insert into {schema}.audit_log (table_name, record_id, action, old_values, new_values, user_id, actor_kind, request_id)
    select tg_argv[0], n.key, tg_op, o.image - hidden, n.image - hidden, actor, kind, request
    from (select image ->> tg_argv[1] as key, image from (select to_jsonb(r) as image from new_rows r offset 0) i) n
    join (select image ->> tg_argv[1] as key, image from (select to_jsonb(r) as image from old_rows r offset 0) i) o using (key)
    where n.image is distinct from o.image;
  end if;
  return null;
end
$$;

create trigger audit_log_is_append_only
  before update or delete or truncate on {schema}.audit_log
  for each statement execute function core.refuse_change('audit_log');

-- 2. Activity: what someone did, from where, with success or error. Address and agent are kept here once per request.
create table {schema}.activity_log (
  id bigint generated always as identity,
  created_at timestamptz not null default now(),
  action text not null,
  subject text,
  succeeded boolean not null,
  error_code text,
  details jsonb,
  user_id uuid,
  actor_kind text not null,
  request_id uuid not null,
  ip_address inet,
  user_agent text,
  constraint activity_log_pkey primary key (id, created_at),
  constraint activity_log_error_when_failed check (succeeded = (error_code is null))
) partition by range (created_at);
create index idx_activity_log_user on {schema}.activity_log (user_id, created_at desc) where user_id is not null;
create index idx_activity_log_action on {schema}.activity_log (action, created_at desc);
create index idx_activity_log_request on {schema}.activity_log (request_id);
create index idx_activity_log_created_at on {schema}.activity_log using brin (created_at);

comment on table {schema}.activity_log is 'distributed(request_id): what someone did, append-only, one partition a month';
comment on column {schema}.activity_log.id is 'internal: order of writing';
comment on column {schema}.activity_log.created_at is 'internal: time of the transaction';
comment on column {schema}.activity_log.action is 'internal: the verb, such as trade.accept';
comment on column {schema}.activity_log.subject is 'internal: id of what was acted on';
comment on column {schema}.activity_log.succeeded is 'internal: false for a refused or failed attempt';
comment on column {schema}.activity_log.error_code is 'internal: published error code of a refusal';
comment on column {schema}.activity_log.details is 'internal: numbers and ids of the act, never personal text';
comment on column {schema}.activity_log.user_id is 'internal: opaque id of the acting account or service key';
comment on column {schema}.activity_log.actor_kind is 'internal: player, service, operator or system';
comment on column {schema}.activity_log.request_id is 'internal: ties rows of one request together';
comment on column {schema}.activity_log.ip_address is 'personal: the caller''s address, to investigate abuse; kept here alone, once per request';
comment on column {schema}.activity_log.user_agent is 'personal: the caller''s own description, to investigate abuse; kept here alone, once per request';

create trigger activity_log_is_append_only
  before update or delete or truncate on {schema}.activity_log
  for each statement execute function core.refuse_change('activity_log');

-- 3. Outbox: what has happened and must be told, in the transaction in which it happened.
create table {schema}.outbox (
  id bigint generated always as identity,
  topic text not null,
  subject text not null,
  version bigint not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  constraint outbox_pkey primary key (id)
);
create index idx_outbox_undelivered on {schema}.outbox (id) where delivered_at is null;
create index idx_outbox_delivered on {schema}.outbox (delivered_at) where delivered_at is not null;

comment on table {schema}.outbox is 'local: events written with their cause, relayed at least once, purged after delivery';
comment on column {schema}.outbox.id is 'internal: order of writing, not of commit';
comment on column {schema}.outbox.topic is 'internal: what happened, such as trade.completed';
comment on column {schema}.outbox.subject is 'internal: id of what it happened to';
comment on column {schema}.outbox.version is 'internal: version of the subject, so that a consumer can order and drop';
comment on column {schema}.outbox.payload is 'internal: ids and numbers, never personal text';
comment on column {schema}.outbox.created_at is 'internal: time of the transaction';
comment on column {schema}.outbox.delivered_at is 'internal: when it was told; null while it waits';

-- 4. Idempotency: the outcome of what was asked under a key, stored with its effect and kept as long as the ledger.
create table {schema}.idempotency_keys (
  actor_id uuid not null,
  key text not null,
  verb text not null,
  fingerprint bytea not null,
  outcome jsonb not null,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (actor_id, key),
  constraint idempotency_keys_key_length check (length(key) between 1 and 200),
  constraint idempotency_keys_fingerprint_length check (length(fingerprint) = 32)
);

comment on table {schema}.idempotency_keys is 'distributed(actor_id): outcomes by the key under which they were asked for';
comment on column {schema}.idempotency_keys.actor_id is 'internal: account or service key that asked; all zero for the system';
comment on column {schema}.idempotency_keys.key is 'internal: the caller''s own key';
comment on column {schema}.idempotency_keys.verb is 'internal: what was asked';
comment on column {schema}.idempotency_keys.fingerprint is 'internal: SHA-256 of verb and body, so that a key is not reused for another request';
comment on column {schema}.idempotency_keys.outcome is 'internal: ids that let the answer be given again; never a token';
comment on column {schema}.idempotency_keys.created_at is 'internal: time of the transaction';

-- Partitions for last month (late clocks), this one and the next three. A job keeps making them ahead; a missing one fails the action.
select core.make_partitions('{schema}', 'audit_log', 3);
select core.make_partitions('{schema}', 'activity_log', 3);

-- Nobody is granted a partition: rows are reached through the parent alone.
grant usage on schema {schema} to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor, gamekeeper_search;
grant select on {schema}.audit_log, {schema}.activity_log to gamekeeper_auditor, gamekeeper_app;
grant insert on {schema}.activity_log to gamekeeper_app;
grant select, insert, delete on {schema}.outbox to gamekeeper_app;
grant update (delivered_at) on {schema}.outbox to gamekeeper_app;
grant select, insert on {schema}.idempotency_keys to gamekeeper_app;
grant select (id, topic, subject, version, created_at, delivered_at) on {schema}.outbox to gamekeeper_readonly;

-- The trails that read all schemas together now include this one.
select core.rebuild_trails();
