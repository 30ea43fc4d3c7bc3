-- Accounts, one for all games: identity lives here once. Their data keys, and the registry that keeps e-mail addresses unique.
-- Locks: none on existing tables; everything here is new.

create table core.accounts (
  id uuid not null default gen_random_uuid(),
  kind text not null default 'person',
  username varchar(50) not null,
  -- A column and not an expression index: lower() is not leakproof, so under row security its index would never be used.
  username_key text not null generated always as (lower(username)) stored,
  display_name varchar(100),
  avatar_url text,
  email_ciphertext bytea,
  email_verified boolean not null default false,
  password_hash varchar(255),
  roles text[] not null default '{}',
  settings jsonb not null default '{}',
  is_active boolean not null default true,
  frozen_at timestamptz,
  frozen_reason varchar(500),
  closed_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_login timestamptz,
  constraint accounts_pkey primary key (id),
  constraint accounts_username_unique unique (username_key),
  constraint accounts_kind_values check (kind in ('person', 'guest', 'bot')),
  constraint accounts_username_format check (username ~ '^[A-Za-z0-9._-]{3,50}$'),
  constraint accounts_avatar_url_length check (length(avatar_url) <= 2048),
  constraint accounts_verified_email_exists check (not email_verified or email_ciphertext is not null),
  constraint accounts_roles_values check (roles <@ array['operator', 'auditor']::text[]),
  constraint accounts_settings_object check (jsonb_typeof(settings) = 'object'),
  constraint accounts_settings_size check (octet_length(settings::text) <= 16384),
  constraint accounts_frozen_with_reason check ((frozen_at is null) = (frozen_reason is null)),
  constraint accounts_closed_is_inactive check (is_active = (closed_at is null)),
  constraint accounts_version_positive check (version > 0)
);

comment on table core.accounts is 'distributed(id): one identity for all games; never deleted, only closed and anonymised';
comment on column core.accounts.id is 'public: the account; version 7, made by the application';
comment on column core.accounts.kind is 'public: person, guest (no e-mail, no password) or bot';
comment on column core.accounts.username is 'public: the name others know, 3 to 50 letters, digits, dots, underscores and hyphens';
comment on column core.accounts.username_key is 'public: the name in lower case; unique, so that two names never differ in case alone';
comment on column core.accounts.display_name is 'public: the name as the player wants it shown';
comment on column core.accounts.avatar_url is 'public: address of a picture';
comment on column core.accounts.email_ciphertext is 'personal: the address under the account''s data key, to write to its owner';
comment on column core.accounts.email_verified is 'internal: whether the owner proved to read that address';
comment on column core.accounts.password_hash is 'secret: salted PBKDF2 of the password';
comment on column core.accounts.roles is 'internal: what the account may do beyond playing';
comment on column core.accounts.settings is 'personal: the player''s own preferences, not a game''s';
comment on column core.accounts.is_active is 'public: false once closed';
comment on column core.accounts.frozen_at is 'internal: since when it may neither give nor take; null when free';
comment on column core.accounts.frozen_reason is 'confidential: why an operator froze it';
comment on column core.accounts.closed_at is 'internal: when it was closed';
comment on column core.accounts.version is 'public: grows with each change that games copy';
comment on column core.accounts.created_at is 'internal: when it signed up';
comment on column core.accounts.updated_at is 'internal: last change of the row';
comment on column core.accounts.last_login is 'internal: last successful sign-in';

create trigger update_accounts_updated_at
  before update on core.accounts
  for each row execute function core.update_updated_at();
create trigger accounts_key_never_changes
  before update on core.accounts
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('accounts');

-- Row security lets players update their own row; these columns of it are not theirs to change.
create function core.refuse_own_privileges()
returns trigger
language plpgsql
as $$
begin
  raise exception using
    errcode = '42501',
    message = 'a player cannot change kind, roles, verification, freeze or closing of an account';
end
$$;
create trigger accounts_privileges_are_guarded
  before update on core.accounts
  for each row when (
    core.current_actor_kind() = 'player'
    and (
      old.kind is distinct from new.kind
      or old.roles is distinct from new.roles
      or (new.email_verified and not old.email_verified)
      or old.frozen_at is distinct from new.frozen_at
      or old.frozen_reason is distinct from new.frozen_reason
      or old.is_active is distinct from new.is_active
      or old.closed_at is distinct from new.closed_at
    )
  )
  execute function core.refuse_own_privileges();

create trigger audit_accounts_insert
  after insert on core.accounts
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings');
create trigger audit_accounts_update
  after update on core.accounts
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings');
create trigger audit_accounts_delete
  after delete on core.accounts
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings');

-- A player sees and changes only the own row; trusted actors see all. The application may name any actor, so this guards against our
-- own mistakes and not against hostile SQL.
alter table core.accounts enable row level security;
alter table core.accounts force row level security;
create policy accounts_select_own on core.accounts
  for select using (id = core.current_actor() or core.is_trusted());
create policy accounts_insert_trusted on core.accounts
  for insert with check (core.is_trusted());
create policy accounts_update_own on core.accounts
  for update
  using (id = core.current_actor() or core.is_trusted())
  with check (id = core.current_actor() or core.is_trusted());
create policy accounts_select_reports on core.accounts
  for select to gamekeeper_readonly, gamekeeper_auditor using (true);
-- The view below runs as its owner, and a forced policy holds for the owner too.
create policy accounts_select_for_view on core.accounts
  for select to current_role using (true);

create view core.public_accounts with (security_barrier = true) as
select id, kind, username, username_key, display_name, avatar_url, is_active, frozen_at, version
from core.accounts;
comment on view core.public_accounts is 'what anyone, and any game, may know of an account';

grant select on core.accounts to gamekeeper_app;
grant insert (id, kind, username, display_name, avatar_url, email_ciphertext, password_hash, roles, settings)
  on core.accounts to gamekeeper_app;
grant update (username, display_name, avatar_url, email_ciphertext, email_verified, password_hash, roles, settings,
    is_active, frozen_at, frozen_reason, closed_at, version, last_login)
  on core.accounts to gamekeeper_app;
grant select (id, kind, username, username_key, display_name, avatar_url, email_verified, roles, is_active, frozen_at, closed_at,
    version, created_at, updated_at, last_login)
  on core.accounts to gamekeeper_readonly, gamekeeper_auditor;
grant select on core.public_accounts to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor, gamekeeper_search;

-- One data key an account, wrapped by a master key that never enters the database. Destroying it is what erases the account's values.
create table core.account_keys (
  account_id uuid not null,
  wrapped_key bytea,
  master_key_id text,
  created_at timestamptz not null default now(),
  destroyed_at timestamptz,
  constraint account_keys_pkey primary key (account_id),
  -- An account that goes takes its key along: nothing it protected is left.
  constraint account_keys_account_fkey foreign key (account_id) references core.accounts (id) on delete cascade,
  constraint account_keys_master_key_id_format check (master_key_id ~ '^[0-9a-f]{8}$'),
  constraint account_keys_gone_when_destroyed check (
    (destroyed_at is null) = (wrapped_key is not null)
    and (wrapped_key is null) = (master_key_id is null)
  )
);
-- Serves key rotation: what is still wrapped by an older master key.
create index idx_account_keys_master_key on core.account_keys (master_key_id, account_id);

comment on table core.account_keys is 'distributed(account_id): data keys of accounts; a destroyed one is an erased account';
comment on column core.account_keys.account_id is 'internal: the account';
comment on column core.account_keys.wrapped_key is 'secret: the data key under a master key; null once destroyed';
comment on column core.account_keys.master_key_id is 'internal: which master key wraps it';
comment on column core.account_keys.created_at is 'internal: when it was made';
comment on column core.account_keys.destroyed_at is 'internal: when it was destroyed';

create trigger account_keys_key_never_changes
  before update on core.account_keys
  for each row when (old.account_id is distinct from new.account_id)
  execute function core.refuse_key_change('account_keys');
create trigger audit_account_keys_insert
  after insert on core.account_keys
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('account_keys', 'account_id', 'wrapped_key');
create trigger audit_account_keys_update
  after update on core.account_keys
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('account_keys', 'account_id', 'wrapped_key');
create trigger audit_account_keys_delete
  after delete on core.account_keys
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('account_keys', 'account_id', 'wrapped_key');

alter table core.account_keys enable row level security;
alter table core.account_keys force row level security;
create policy account_keys_select_own on core.account_keys
  for select using (account_id = core.current_actor() or core.is_trusted());
create policy account_keys_insert_trusted on core.account_keys
  for insert with check (core.is_trusted());
create policy account_keys_update_trusted on core.account_keys
  for update using (core.is_trusted()) with check (core.is_trusted());

grant select on core.account_keys to gamekeeper_app;
grant insert (account_id, wrapped_key, master_key_id) on core.account_keys to gamekeeper_app;
grant update (wrapped_key, master_key_id, destroyed_at) on core.account_keys to gamekeeper_app;

-- The registry of addresses: unique across the world under each key. While keys are rotated an account has a row under the old and
-- one under the new, and a newcomer writes both, so that uniqueness holds at every moment of the rotation.
create table core.email_hashes (
  key_id text not null,
  email_hash bytea not null,
  account_id uuid not null,
  created_at timestamptz not null default now(),
  constraint email_hashes_pkey primary key (key_id, email_hash),
  -- An account that goes gives its address back.
  constraint email_hashes_account_fkey foreign key (account_id) references core.accounts (id) on delete cascade,
  constraint email_hashes_one_per_key unique (account_id, key_id),
  constraint email_hashes_hash_length check (length(email_hash) = 32),
  constraint email_hashes_key_id_format check (key_id ~ '^[0-9a-f]{8}$')
);

comment on table core.email_hashes is 'distributed(email_hash): keyed hashes of addresses, for uniqueness and for sign-in by address';
comment on column core.email_hashes.key_id is 'internal: the master key from which the hash key is derived';
comment on column core.email_hashes.email_hash is 'personal: HMAC-SHA256 of the normalised address';
comment on column core.email_hashes.account_id is 'internal: whose address it is';
comment on column core.email_hashes.created_at is 'internal: when it was written';

grant select, delete on core.email_hashes to gamekeeper_app;
grant insert (key_id, email_hash, account_id) on core.email_hashes to gamekeeper_app;
