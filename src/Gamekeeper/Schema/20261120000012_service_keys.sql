-- Keys of game servers and tools: what they may do, and only a hash of their secret.
-- Locks: none on existing tables; everything here is new.

create table core.service_keys (
  id uuid not null default gen_random_uuid(),
  name varchar(100) not null,
  scopes text[] not null,
  secret_hash bytea not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used timestamptz,
  constraint service_keys_pkey primary key (id),
  constraint service_keys_name_length check (length(name) >= 1),
  constraint service_keys_scopes_values check (scopes <@ array['mint', 'grant', 'report', 'import', 'operate']::text[]),
  constraint service_keys_scopes_given check (cardinality(scopes) >= 1),
  constraint service_keys_secret_length check (length(secret_hash) = 32)
);

comment on table core.service_keys is 'reference: keys of game servers and tools';
comment on column core.service_keys.id is 'internal: the key; part of its text';
comment on column core.service_keys.name is 'internal: what it is for, in the operator''s words';
comment on column core.service_keys.scopes is 'internal: what it may do';
comment on column core.service_keys.secret_hash is 'secret: SHA-256 of the random part of its text';
comment on column core.service_keys.created_by is 'internal: opaque id of the account or key that made it; null for the system';
comment on column core.service_keys.created_at is 'internal: when it was made';
comment on column core.service_keys.expires_at is 'internal: until when it is good; null for no end';
comment on column core.service_keys.revoked_at is 'internal: since when it is refused';
comment on column core.service_keys.last_used is 'internal: last use, to the minute';

create trigger service_keys_key_never_changes
  before update on core.service_keys
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('service_keys');
create trigger audit_service_keys_insert
  after insert on core.service_keys
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('service_keys', 'id', 'secret_hash');
create trigger audit_service_keys_update
  after update on core.service_keys
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('service_keys', 'id', 'secret_hash');
create trigger audit_service_keys_delete
  after delete on core.service_keys
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('service_keys', 'id', 'secret_hash');

grant select on core.service_keys to gamekeeper_app;
grant insert (id, name, scopes, secret_hash, created_by, expires_at) on core.service_keys to gamekeeper_app;
grant update (revoked_at, last_used) on core.service_keys to gamekeeper_app;
grant select (id, name, scopes, created_by, created_at, expires_at, revoked_at, last_used)
  on core.service_keys to gamekeeper_readonly, gamekeeper_auditor;
