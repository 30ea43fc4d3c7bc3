-- Keys of the system itself, all wrapped by a master key: those that sign histories, and the key ring of the server's access tokens.
-- Locks: none on existing tables; everything here is new.

create table core.signing_keys (
  id text not null,
  public_key bytea not null,
  wrapped_private_key bytea not null,
  master_key_id text not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  constraint signing_keys_pkey primary key (id),
  constraint signing_keys_id_format check (id ~ '^[0-9a-f]{8}$'),
  constraint signing_keys_master_key_id_format check (master_key_id ~ '^[0-9a-f]{8}$')
);
-- One key signs at a time; of two nodes that make the first one together, one loses here and takes the other's.
create unique index idx_signing_keys_one_active on core.signing_keys ((true)) where retired_at is null;

comment on table core.signing_keys is 'reference: ECDSA P-256 keys; retired ones stay, to verify what they signed';
comment on column core.signing_keys.id is 'public: first eight hex digits of the SHA-256 of the public key';
comment on column core.signing_keys.public_key is 'public: SubjectPublicKeyInfo, for anyone who verifies';
comment on column core.signing_keys.wrapped_private_key is 'secret: the private key under a master key';
comment on column core.signing_keys.master_key_id is 'internal: which master key wraps it';
comment on column core.signing_keys.created_at is 'public: since when it signs';
comment on column core.signing_keys.retired_at is 'public: since when it only verifies';

create trigger signing_keys_key_never_changes
  before update on core.signing_keys
  for each row when (old.id is distinct from new.id or old.public_key is distinct from new.public_key)
  execute function core.refuse_key_change('signing_keys');
create trigger audit_signing_keys_insert
  after insert on core.signing_keys
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('signing_keys', 'id', 'wrapped_private_key');
create trigger audit_signing_keys_update
  after update on core.signing_keys
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('signing_keys', 'id', 'wrapped_private_key');
create trigger audit_signing_keys_delete
  after delete on core.signing_keys
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('signing_keys', 'id', 'wrapped_private_key');

grant select on core.signing_keys to gamekeeper_app;
grant insert (id, public_key, wrapped_private_key, master_key_id) on core.signing_keys to gamekeeper_app;
grant update (wrapped_private_key, master_key_id, retired_at) on core.signing_keys to gamekeeper_app;
grant select (id, public_key, master_key_id, created_at, retired_at)
  on core.signing_keys to gamekeeper_readonly, gamekeeper_auditor;

create table core.data_protection_keys (
  name text not null,
  wrapped_xml bytea not null,
  master_key_id text not null,
  created_at timestamptz not null default now(),
  constraint data_protection_keys_pkey primary key (name),
  constraint data_protection_keys_name_length check (length(name) between 1 and 200),
  constraint data_protection_keys_master_key_id_format check (master_key_id ~ '^[0-9a-f]{8}$')
);

comment on table core.data_protection_keys is 'reference: the key ring of the server''s access tokens, shared by all nodes';
comment on column core.data_protection_keys.name is 'internal: the server''s name for the entry';
comment on column core.data_protection_keys.wrapped_xml is 'secret: the entry under a master key';
comment on column core.data_protection_keys.master_key_id is 'internal: which master key wraps it';
comment on column core.data_protection_keys.created_at is 'internal: when it was stored';

grant select on core.data_protection_keys to gamekeeper_app;
grant insert (name, wrapped_xml, master_key_id) on core.data_protection_keys to gamekeeper_app;
grant update (wrapped_xml, master_key_id) on core.data_protection_keys to gamekeeper_app;
