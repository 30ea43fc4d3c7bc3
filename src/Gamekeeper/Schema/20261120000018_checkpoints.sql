-- Checkpoints: signed roots over what was recorded, each naming the one before. The same stands outside, in the object store.
-- Locks: none on existing tables; everything here is new.

create table core.checkpoints (
  number bigint not null,
  created_at timestamptz not null,
  previous_hash bytea not null,
  hash bytea not null,
  payload text not null,
  key_id text not null,
  signature bytea not null,
  constraint checkpoints_pkey primary key (number),
  constraint checkpoints_number_positive check (number >= 1),
  constraint checkpoints_previous_hash_length check (length(previous_hash) = 32),
  constraint checkpoints_hash_is_of_payload check (hash = sha256(convert_to(payload, 'UTF8'))),
  constraint checkpoints_key_id_format check (key_id ~ '^[0-9a-f]{8}$'),
  constraint checkpoints_signature_length check (length(signature) = 64)
);

comment on table core.checkpoints is 'local: what stood in the histories and audit logs when, signed; append-only';
comment on column core.checkpoints.number is 'public: 1 for the first; then one more each';
comment on column core.checkpoints.created_at is 'public: when it was made';
comment on column core.checkpoints.previous_hash is 'public: hash of the checkpoint before; zeros for the first';
comment on column core.checkpoints.hash is 'public: SHA-256 of the payload';
comment on column core.checkpoints.payload is 'public: the signed text: per source the numbers it covers, their count and their root';
comment on column core.checkpoints.key_id is 'public: the signing key';
comment on column core.checkpoints.signature is 'public: ECDSA P-256 over the payload, 64 bytes';

create trigger checkpoints_is_append_only
  before update or delete or truncate on core.checkpoints
  for each statement execute function core.refuse_change('checkpoints');

grant select, insert on core.checkpoints to gamekeeper_app;
grant select on core.checkpoints to gamekeeper_readonly, gamekeeper_auditor;
