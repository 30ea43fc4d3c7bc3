-- The history of ownership: signed operations, chained events, and what verification found.
-- Locks: none on existing tables beyond the brief share row exclusive lock of a foreign key.

-- The order of operations. Time does not order: two nodes' clocks and two commits may disagree.
create sequence summoners_grid.ownership_sequence as bigint;

-- One row and one signature for whatever was done at once: a mint of ten thousand cards signs once.
create table summoners_grid.ownership_operations (
  id uuid not null default gen_random_uuid(),
  sequence bigint not null,
  kind varchar(50) not null,
  event_count int not null,
  events_root bytea not null,
  key_id varchar(16) not null,
  signature bytea not null,
  actor_id uuid,
  actor_kind varchar(20) not null,
  created_at timestamptz not null,
  constraint ownership_operations_pkey primary key (id),
  constraint ownership_operations_sequence_key unique (sequence),
  constraint ownership_operations_kinds check (kind in ('mint', 'transfer', 'trade', 'attest', 'compensate', 'import')),
  constraint ownership_operations_has_events check (event_count >= 1),
  constraint ownership_operations_root_length check (length(events_root) = 32),
  constraint ownership_operations_signature_length check (length(signature) = 64)
);

comment on table summoners_grid.ownership_operations is 'distributed(id): one signed row for everything that moved at once';
comment on column summoners_grid.ownership_operations.id is 'public: the operation';
comment on column summoners_grid.ownership_operations.sequence is 'public: order of operations';
comment on column summoners_grid.ownership_operations.kind is 'public: mint, transfer, trade, attest, compensate or import';
comment on column summoners_grid.ownership_operations.event_count is 'public: how many events it covers';
comment on column summoners_grid.ownership_operations.events_root is 'public: Merkle root over the hashes of its events, sorted';
comment on column summoners_grid.ownership_operations.key_id is 'public: the signing key';
comment on column summoners_grid.ownership_operations.signature is 'public: ECDSA P-256 over all of the above, 64 bytes';
comment on column summoners_grid.ownership_operations.actor_id is 'internal: opaque id of who did it; null for the system';
comment on column summoners_grid.ownership_operations.actor_kind is 'internal: player, service, operator or system';
comment on column summoners_grid.ownership_operations.created_at is 'public: time of the transaction';

create trigger audit_ownership_operations_insert after insert on summoners_grid.ownership_operations
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('ownership_operations', 'id');
create trigger audit_ownership_operations_update after update on summoners_grid.ownership_operations
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('ownership_operations', 'id');
create trigger audit_ownership_operations_delete after delete on summoners_grid.ownership_operations
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('ownership_operations', 'id');

-- Append-only for the application, by grants alone: a card that an owner of the schema deletes takes its history along.
create table summoners_grid.ownership_history (
  id uuid not null default gen_random_uuid(),
  card_instance_id uuid not null,
  position int not null,
  operation_id uuid not null,
  previous_owner_id uuid,
  new_owner_id uuid not null,
  transfer_method varchar(50) not null,
  transfer_data jsonb,
  data_salt bytea,
  previous_hash bytea,
  signature varchar(512) not null,
  created_at timestamptz not null,
  constraint ownership_history_pkey primary key (id),
  constraint ownership_history_card_position_key unique (card_instance_id, position),
  constraint ownership_history_card_instance_id_fkey foreign key (card_instance_id)
    references summoners_grid.card_instances (id) on delete cascade,
  constraint ownership_history_operation_id_fkey foreign key (operation_id)
    references summoners_grid.ownership_operations (id) on delete restrict,
  constraint ownership_history_previous_owner_id_fkey foreign key (previous_owner_id)
    references summoners_grid.users (id) on delete no action,
  constraint ownership_history_new_owner_id_fkey foreign key (new_owner_id)
    references summoners_grid.users (id) on delete no action,
  constraint ownership_history_position_positive check (position >= 1),
  constraint ownership_history_first_has_no_predecessor check ((position = 1) = (previous_hash is null)),
  constraint ownership_history_signature_format check (length(signature) >= 64),
  constraint ownership_history_salt_with_data check ((transfer_data is null) = (data_salt is null)),
  constraint ownership_history_salt_length check (length(data_salt) = 16),
  constraint ownership_history_previous_hash_length check (length(previous_hash) = 32)
);
create index idx_ownership_history_owners on summoners_grid.ownership_history (previous_owner_id, new_owner_id);
create index idx_ownership_history_new_owner on summoners_grid.ownership_history (new_owner_id);
create index idx_ownership_history_operation on summoners_grid.ownership_history (operation_id);

comment on table summoners_grid.ownership_history is 'distributed(card_instance_id, cards): chained events of every card, append-only';
comment on column summoners_grid.ownership_history.id is 'public: the event';
comment on column summoners_grid.ownership_history.card_instance_id is 'public: the card';
comment on column summoners_grid.ownership_history.position is 'public: 1 for the first event of a card, then without gaps';
comment on column summoners_grid.ownership_history.operation_id is 'public: the signed operation it belongs to';
comment on column summoners_grid.ownership_history.previous_owner_id is 'public: who gave; null for a mint';
comment on column summoners_grid.ownership_history.new_owner_id is 'public: who took';
comment on column summoners_grid.ownership_history.transfer_method is 'public: how it moved';
comment on column summoners_grid.ownership_history.transfer_data is 'internal: ids and reasons, never personal text';
comment on column summoners_grid.ownership_history.data_salt is 'internal: keeps short data from being guessed from its hash';
comment on column summoners_grid.ownership_history.previous_hash is 'public: hash of the event before; null for the first';
comment on column summoners_grid.ownership_history.signature is 'public: key id and hash of this event';
comment on column summoners_grid.ownership_history.created_at is 'public: time of the transaction';

create trigger audit_ownership_history_insert after insert on summoners_grid.ownership_history
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('ownership_history', 'id');
create trigger audit_ownership_history_update after update on summoners_grid.ownership_history
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('ownership_history', 'id');
create trigger audit_ownership_history_delete after delete on summoners_grid.ownership_history
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('ownership_history', 'id');

-- What verification found. The history itself is never touched, so "verified" is read from here.
create table summoners_grid.ownership_verifications (
  card_instance_id uuid not null,
  verified_events int not null,
  head_signature varchar(512) not null,
  verified_at timestamptz not null default now(),
  constraint ownership_verifications_pkey primary key (card_instance_id),
  constraint ownership_verifications_card_instance_id_fkey foreign key (card_instance_id)
    references summoners_grid.card_instances (id) on delete cascade,
  constraint ownership_verifications_events_not_negative check (verified_events >= 0)
);
comment on table summoners_grid.ownership_verifications is 'distributed(card_instance_id, cards): the last verification of a card''s chain';
comment on column summoners_grid.ownership_verifications.card_instance_id is 'public: the card';
comment on column summoners_grid.ownership_verifications.verified_events is 'public: how many events from the first on were found right';
comment on column summoners_grid.ownership_verifications.head_signature is 'public: the card''s signature when it was checked';
comment on column summoners_grid.ownership_verifications.verified_at is 'public: when it was checked';

grant usage on sequence summoners_grid.ownership_sequence to gamekeeper_app;
grant select, insert on summoners_grid.ownership_operations, summoners_grid.ownership_history to gamekeeper_app;
grant select, insert, update on summoners_grid.ownership_verifications to gamekeeper_app;
grant select on summoners_grid.ownership_operations, summoners_grid.ownership_history, summoners_grid.ownership_verifications
  to gamekeeper_readonly, gamekeeper_auditor;
