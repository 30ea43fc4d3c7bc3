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

-- How far an import got, written with what it did: one that is started again goes on after the last line that counts.
create table core.imports (
  kind text not null,
  name text not null,
  file_hash bytea not null,
  chunk_lines int not null,
  lines bigint not null default 0,
  taken bigint not null default 0,
  refused bigint not null default 0,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint imports_pkey primary key (kind, name),
  constraint imports_kind_format check (kind ~ '^[a-z_.]{1,100}$'),
  constraint imports_name_format check (name ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  constraint imports_hash_length check (length(file_hash) = 32),
  constraint imports_chunk_lines_range check (chunk_lines between 1 and 10000),
  constraint imports_counts check (taken >= 0 and refused >= 0 and taken + refused <= lines)
);

comment on table core.imports is 'local: one row an import: which file, and how far it got';
comment on column core.imports.kind is 'internal: what is imported, such as summoners_grid.players';
comment on column core.imports.name is 'internal: the operator''s label; never the file''s own name';
comment on column core.imports.file_hash is 'internal: SHA-256 of the file, so that another one under this label is refused';
comment on column core.imports.chunk_lines is 'internal: lines of one transaction';
comment on column core.imports.lines is 'internal: lines that are done';
comment on column core.imports.taken is 'internal: records that were imported';
comment on column core.imports.refused is 'internal: records that were refused';
comment on column core.imports.started_at is 'internal: first start';
comment on column core.imports.updated_at is 'internal: last progress';
comment on column core.imports.finished_at is 'internal: when its last line was done; null before';

create trigger update_imports_updated_at
  before update on core.imports
  for each row execute function core.update_updated_at();
create trigger imports_key_never_changes
  before update on core.imports
  for each row when (old.kind is distinct from new.kind or old.name is distinct from new.name)
  execute function core.refuse_key_change('imports');
create trigger audit_imports_insert
  after insert on core.imports
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('imports', 'name');
create trigger audit_imports_update
  after update on core.imports
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('imports', 'name');
create trigger audit_imports_delete
  after delete on core.imports
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('imports', 'name');

-- Records that were refused: where, which member, why, and what its value looked like; never the value.
create table core.import_refusals (
  kind text not null,
  name text not null,
  line bigint not null,
  position int not null,
  member varchar(100),
  problem varchar(1000) not null,
  shape varchar(100),
  constraint import_refusals_pkey primary key (kind, name, line, position),
  constraint import_refusals_import_fkey foreign key (kind, name) references core.imports (kind, name) on delete cascade,
  constraint import_refusals_line_positive check (line >= 1),
  constraint import_refusals_position_positive check (position >= 1)
);

comment on table core.import_refusals is 'local: refused records of imports, without their values';
comment on column core.import_refusals.kind is 'internal: the import';
comment on column core.import_refusals.name is 'internal: the import';
comment on column core.import_refusals.line is 'internal: line of the file, from 1';
comment on column core.import_refusals.position is 'internal: first, second, … problem of the line';
comment on column core.import_refusals.member is 'internal: the member; null for the record itself';
comment on column core.import_refusals.problem is 'internal: what is wrong and what is possible';
comment on column core.import_refusals.shape is 'internal: kind and length of the value; null when there is none';

grant select, insert on core.imports, core.import_refusals to gamekeeper_app;
grant update (lines, taken, refused, finished_at) on core.imports to gamekeeper_app;
grant select on core.imports, core.import_refusals to gamekeeper_readonly, gamekeeper_auditor;
