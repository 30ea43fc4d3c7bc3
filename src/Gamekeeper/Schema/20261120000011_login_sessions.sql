-- Sign-in: sessions with hashed refresh tokens, the tokens already spent, failed attempts, one-time codes.
-- Locks: share row exclusive on core.accounts for a moment, for the new foreign keys; everything else is new.

create table core.login_sessions (
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  refresh_token_hash varchar(255) not null,
  expires_at timestamptz not null,
  last_used timestamptz not null default now(),
  ip_address inet,
  user_agent text,
  revoked boolean not null default false,
  revoked_at timestamptz,
  generation int not null default 0,
  created_at timestamptz not null default now(),
  constraint login_sessions_pkey primary key (id),
  -- Whoever goes is signed out everywhere.
  constraint login_sessions_account_fkey foreign key (account_id) references core.accounts (id) on delete cascade,
  constraint login_sessions_token_unique unique (refresh_token_hash),
  constraint login_sessions_token_is_hash check (refresh_token_hash ~ '^[0-9a-f]{64}$'),
  constraint login_sessions_revoked_at_known check (revoked = (revoked_at is not null)),
  constraint login_sessions_generation_positive check (generation >= 0),
  constraint login_sessions_user_agent_length check (length(user_agent) <= 512)
);
create index idx_login_sessions_account on core.login_sessions (account_id, created_at desc);
-- Both serve the purge.
create index idx_login_sessions_expires_at on core.login_sessions (expires_at);
create index idx_login_sessions_revoked_at on core.login_sessions (revoked_at) where revoked;

comment on table core.login_sessions is 'distributed(account_id): one row a sign-in; keeps its id while its refresh token is rotated';
comment on column core.login_sessions.id is 'internal: the session, named in access tokens';
comment on column core.login_sessions.account_id is 'internal: who signed in';
comment on column core.login_sessions.refresh_token_hash is 'secret: SHA-256 of the refresh token that is good now, in hex';
comment on column core.login_sessions.expires_at is 'internal: when that token ends';
comment on column core.login_sessions.last_used is 'internal: last sign-in or refresh';
comment on column core.login_sessions.ip_address is 'personal: from where it signed in, to show its owner and to investigate abuse';
comment on column core.login_sessions.user_agent is 'personal: with what it signed in, for the same';
comment on column core.login_sessions.revoked is 'internal: signed out, or shut because a spent token turned up';
comment on column core.login_sessions.revoked_at is 'internal: when that was';
comment on column core.login_sessions.generation is 'internal: how often the token was rotated';
comment on column core.login_sessions.created_at is 'internal: when it signed in';

alter table core.login_sessions enable row level security;
alter table core.login_sessions force row level security;
create policy login_sessions_select_own on core.login_sessions
  for select using (account_id = core.current_actor() or core.is_trusted());
create policy login_sessions_insert_trusted on core.login_sessions
  for insert with check (core.is_trusted());
create policy login_sessions_update_own on core.login_sessions
  for update
  using (account_id = core.current_actor() or core.is_trusted())
  with check (account_id = core.current_actor() or core.is_trusted());
create policy login_sessions_delete_trusted on core.login_sessions
  for delete using (core.is_trusted());
create policy login_sessions_select_reports on core.login_sessions
  for select to gamekeeper_readonly, gamekeeper_auditor using (true);

grant select, delete on core.login_sessions to gamekeeper_app;
grant insert (id, account_id, refresh_token_hash, expires_at, last_used, ip_address, user_agent, created_at)
  on core.login_sessions to gamekeeper_app;
grant update (refresh_token_hash, expires_at, last_used, revoked, revoked_at, generation, ip_address, user_agent)
  on core.login_sessions to gamekeeper_app;
grant select (id, account_id, expires_at, last_used, revoked, revoked_at, generation, created_at)
  on core.login_sessions to gamekeeper_readonly, gamekeeper_auditor;

-- A token is spent once. Seen again at once it is a repeated request; seen again later it was stolen.
create table core.spent_refresh_tokens (
  token_hash varchar(64) not null,
  session_id uuid not null,
  key_id text not null,
  spent_at timestamptz not null,
  constraint spent_refresh_tokens_pkey primary key (token_hash),
  -- Without its session a spent token says nothing.
  constraint spent_refresh_tokens_session_fkey foreign key (session_id) references core.login_sessions (id) on delete cascade,
  constraint spent_refresh_tokens_is_hash check (token_hash ~ '^[0-9a-f]{64}$')
);
create index idx_spent_refresh_tokens_session on core.spent_refresh_tokens (session_id);

comment on table core.spent_refresh_tokens is 'distributed(session_id): refresh tokens that were rotated away, to notice their reuse';
comment on column core.spent_refresh_tokens.token_hash is 'secret: SHA-256 of the spent token, in hex';
comment on column core.spent_refresh_tokens.session_id is 'internal: the session it belonged to';
comment on column core.spent_refresh_tokens.key_id is 'internal: the master key under which its successor was derived';
comment on column core.spent_refresh_tokens.spent_at is 'internal: when it was exchanged';

grant select, insert on core.spent_refresh_tokens to gamekeeper_app;

-- Failed attempts, counted per account; a login nobody has counts under a keyed hash of it, so that the limit tells nobody which exist.
create table core.sign_in_failures (
  subject uuid not null,
  window_started_at timestamptz not null,
  failures int not null,
  constraint sign_in_failures_pkey primary key (subject),
  constraint sign_in_failures_positive check (failures > 0)
);
create index idx_sign_in_failures_window on core.sign_in_failures (window_started_at);

comment on table core.sign_in_failures is 'distributed(subject): failed sign-ins of the current quarter of an hour';
comment on column core.sign_in_failures.subject is 'internal: keyed hash of a login, or the account whose password is being changed';
comment on column core.sign_in_failures.window_started_at is 'internal: the first failure that counts';
comment on column core.sign_in_failures.failures is 'internal: how many since then';

grant select, delete, insert, update on core.sign_in_failures to gamekeeper_app;

create table core.one_time_codes (
  code_hash bytea not null,
  account_id uuid not null,
  purpose text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  constraint one_time_codes_pkey primary key (code_hash),
  -- A code opens one account; without it there is nothing to open.
  constraint one_time_codes_account_fkey foreign key (account_id) references core.accounts (id) on delete cascade,
  constraint one_time_codes_purpose_values check (purpose in ('operator-sign-in')),
  constraint one_time_codes_hash_length check (length(code_hash) = 32)
);
create index idx_one_time_codes_account on core.one_time_codes (account_id);
create index idx_one_time_codes_expires_at on core.one_time_codes (expires_at);

comment on table core.one_time_codes is 'distributed(account_id): codes that open an account once, within an hour';
comment on column core.one_time_codes.code_hash is 'secret: SHA-256 of the code';
comment on column core.one_time_codes.account_id is 'internal: what it opens';
comment on column core.one_time_codes.purpose is 'internal: what it is for';
comment on column core.one_time_codes.expires_at is 'internal: until when';
comment on column core.one_time_codes.used_at is 'internal: when it was used; null while it is good';
comment on column core.one_time_codes.created_at is 'internal: when it was made';

grant select, delete on core.one_time_codes to gamekeeper_app;
grant insert (code_hash, account_id, purpose, expires_at) on core.one_time_codes to gamekeeper_app;
grant update (used_at) on core.one_time_codes to gamekeeper_app;
