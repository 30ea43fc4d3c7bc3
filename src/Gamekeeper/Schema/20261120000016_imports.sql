-- What moving in from another system needs: password hashes as they came, ids of the former system, how far an import got and what it refused.
-- Locks: core.accounts, access exclusive for a moment (a column without a default, triggers, grants; no row is read or rewritten);
-- core.one_time_codes, access exclusive for the scan of a small table. Everything else is new.

-- A hash that another system made, until its owner first signs in; then it is replaced by one of ours.
alter table core.accounts add column foreign_password_hash varchar(512);
comment on column core.accounts.foreign_password_hash is 'secret: the former system''s hash of the password, until the first sign-in replaces it';
-- Not validated: the column is new and null in every row that is there.
alter table core.accounts add constraint accounts_one_password_hash
  check (password_hash is null or foreign_password_hash is null) not valid;

drop trigger audit_accounts_insert on core.accounts;
create trigger audit_accounts_insert
  after insert on core.accounts
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings', 'foreign_password_hash');
drop trigger audit_accounts_update on core.accounts;
create trigger audit_accounts_update
  after update on core.accounts
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings', 'foreign_password_hash');
drop trigger audit_accounts_delete on core.accounts;
create trigger audit_accounts_delete
  after delete on core.accounts
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings', 'foreign_password_hash');

grant insert (email_verified, foreign_password_hash, is_active, frozen_at, frozen_reason, closed_at, created_at)
  on core.accounts to gamekeeper_app;
grant update (foreign_password_hash) on core.accounts to gamekeeper_app;

-- A player who came without a password, or lost it, gets a code from an operator and chooses one.
alter table core.one_time_codes drop constraint one_time_codes_purpose_values;
alter table core.one_time_codes add constraint one_time_codes_purpose_values
  check (purpose in ('operator-sign-in', 'password-reset'));

-- Who an account was in the system it came from; a game's later imports name its players so.
create table core.external_ids (
  system text not null,
  external_id varchar(100) not null,
  account_id uuid not null,
  created_at timestamptz not null default now(),
  constraint external_ids_pkey primary key (system, external_id),
  -- An account that goes takes its former name along.
  constraint external_ids_account_fkey foreign key (account_id) references core.accounts (id) on delete cascade,
  constraint external_ids_one_per_system unique (account_id, system),
  constraint external_ids_system_format check (system ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint external_ids_format check (external_id ~ '^[A-Za-z0-9._:-]{1,100}$')
);

comment on table core.external_ids is 'distributed(external_id): ids of accounts in the systems they came from';
comment on column core.external_ids.system is 'internal: whose ids they are: the schema of the game that imported them';
comment on column core.external_ids.external_id is 'personal: the account''s id there; no address, no name';
comment on column core.external_ids.account_id is 'internal: the account';
comment on column core.external_ids.created_at is 'internal: when it was imported';

create trigger external_ids_key_never_changes
  before update on core.external_ids
  for each row when (old.system is distinct from new.system or old.external_id is distinct from new.external_id)
  execute function core.refuse_key_change('external_ids');
create trigger audit_external_ids_insert
  after insert on core.external_ids
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('external_ids', 'account_id', 'external_id');
create trigger audit_external_ids_update
  after update on core.external_ids
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('external_ids', 'account_id', 'external_id');
create trigger audit_external_ids_delete
  after delete on core.external_ids
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('external_ids', 'account_id', 'external_id');

grant select, insert on core.external_ids to gamekeeper_app;

--@include imports.v1
