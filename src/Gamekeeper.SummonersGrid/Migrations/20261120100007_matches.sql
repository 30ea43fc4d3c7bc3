-- Matches, and what cards are used in them and in decks.
-- Locks: summoners_grid.users, share row exclusive, for a moment (foreign keys).

-- One match of two players. A match is never deleted and every end is final. The application checks what it reports; what the row itself
-- can hold, it holds.
create table summoners_grid.game_sessions (
  id uuid not null default gen_random_uuid(),
  game_id varchar(100) not null,
  game_mode varchar(50) not null,
  format varchar(50) not null default '3v3',
  player_a_id uuid not null,
  player_b_id uuid not null,
  winner_id uuid,
  status varchar(20) not null default 'active',
  start_time timestamptz not null default now(),
  end_time timestamptz,
  duration_seconds int,
  rating_changes jsonb,
  -- Large and read as a whole: lz4 unpacks several times faster than the default. The server must be built with it, as all packages are.
  game_data jsonb compression lz4,
  created_at timestamptz not null default now(),
  constraint game_sessions_pkey primary key (id),
  constraint game_sessions_game_id_key unique (game_id),
  constraint game_sessions_player_a_id_fkey foreign key (player_a_id) references summoners_grid.users (id) on delete no action,
  constraint game_sessions_player_b_id_fkey foreign key (player_b_id) references summoners_grid.users (id) on delete no action,
  constraint game_sessions_winner_id_fkey foreign key (winner_id) references summoners_grid.users (id) on delete no action,
  constraint game_sessions_different_players check (player_a_id <> player_b_id),
  constraint game_sessions_winner_played check (winner_id in (player_a_id, player_b_id)),
  constraint game_sessions_status_values check (status in ('active', 'completed', 'abandoned')),
  constraint game_sessions_ended_with_time
    check ((status = 'active') = (end_time is null) and (status = 'active') = (duration_seconds is null)),
  constraint game_sessions_result_when_completed
    check (case when status = 'completed' then rating_changes is not null else winner_id is null and rating_changes is null end),
  constraint game_sessions_end_after_start check (end_time >= start_time and duration_seconds >= 0),
  constraint game_sessions_rating_changes_array check (jsonb_typeof(rating_changes) = 'array'),
  constraint game_sessions_game_id_not_blank check (length(trim(game_id)) > 0),
  constraint game_sessions_game_mode_not_blank check (length(trim(game_mode)) > 0),
  constraint game_sessions_format_not_blank check (length(trim(format)) > 0)
);
-- From either side: matches against somebody, those that are running, and the newest first.
create index idx_game_sessions_players on summoners_grid.game_sessions (player_a_id, player_b_id);
create index idx_game_sessions_player_status on summoners_grid.game_sessions (player_a_id, status);
create index idx_game_sessions_player_b_status on summoners_grid.game_sessions (player_b_id, status);
create index idx_game_sessions_player_a_newest on summoners_grid.game_sessions (player_a_id, start_time desc, id desc);
create index idx_game_sessions_player_b_newest on summoners_grid.game_sessions (player_b_id, start_time desc, id desc);
create index idx_game_sessions_status on summoners_grid.game_sessions (status, start_time desc, id desc);
create index idx_game_sessions_winner on summoners_grid.game_sessions (winner_id) where winner_id is not null;

comment on table summoners_grid.game_sessions is 'distributed(id, matches): matches of two players';
comment on column summoners_grid.game_sessions.id is 'public: the match';
comment on column summoners_grid.game_sessions.game_id is 'public: the game server''s own name for it';
comment on column summoners_grid.game_sessions.game_mode is 'public: such as ranked';
comment on column summoners_grid.game_sessions.format is 'public: format, such as 3v3';
comment on column summoners_grid.game_sessions.player_a_id is 'public: one player';
comment on column summoners_grid.game_sessions.player_b_id is 'public: the other player';
comment on column summoners_grid.game_sessions.winner_id is 'public: who won; null for a draw and until the end';
comment on column summoners_grid.game_sessions.status is 'public: active, completed or abandoned';
comment on column summoners_grid.game_sessions.start_time is 'public: when it began';
comment on column summoners_grid.game_sessions.end_time is 'public: when it ended';
comment on column summoners_grid.game_sessions.duration_seconds is 'public: whole seconds from start to end';
comment on column summoners_grid.game_sessions.rating_changes is 'public: each player''s rating before and after';
comment on column summoners_grid.game_sessions.game_data is 'personal: state or replay as the game server keeps it; may hold what players wrote';
comment on column summoners_grid.game_sessions.created_at is 'internal: when it was recorded';

create trigger game_sessions_keep_their_key
  before update of id on summoners_grid.game_sessions
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('game_sessions');
-- Nobody can tell what a game server writes into the state: it stays out of the images.
create trigger audit_game_sessions_insert after insert on summoners_grid.game_sessions
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('game_sessions', 'id', 'game_data');
create trigger audit_game_sessions_update after update on summoners_grid.game_sessions
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('game_sessions', 'id', 'game_data');
create trigger audit_game_sessions_delete after delete on summoners_grid.game_sessions
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('game_sessions', 'id', 'game_data');

-- Results are everyone's to see and no player's to write.
alter table summoners_grid.game_sessions enable row level security;
alter table summoners_grid.game_sessions force row level security;
create policy game_sessions_are_public on summoners_grid.game_sessions for select using (true);
create policy game_sessions_begun_by_servers on summoners_grid.game_sessions for insert with check (core.is_trusted());
create policy game_sessions_ended_by_servers on summoners_grid.game_sessions for update using (true) with check (core.is_trusted());

-- Uses of templates that wait to be added up. A row is written with what it counts and leaves with the count it went into, so every
-- use counts once and nobody who plays waits for the row of a popular card.
create table summoners_grid.template_uses (
  id bigint generated always as identity,
  template_id varchar(50) not null,
  uses int not null,
  constraint template_uses_pkey primary key (id),
  constraint template_uses_positive check (uses > 0)
);
comment on table summoners_grid.template_uses is 'local: uses of templates that are not yet in card_templates.usage_count';
comment on column summoners_grid.template_uses.id is 'internal: order of writing';
comment on column summoners_grid.template_uses.template_id is 'internal: what was used; no foreign key, it only waits here';
comment on column summoners_grid.template_uses.uses is 'internal: how often';

grant select, insert on summoners_grid.game_sessions to gamekeeper_app;
-- Who plays which match never changes, only what became of it.
grant update (winner_id, status, end_time, duration_seconds, rating_changes, game_data) on summoners_grid.game_sessions to gamekeeper_app;
grant select (id, game_id, game_mode, format, player_a_id, player_b_id, winner_id, status, start_time, end_time, duration_seconds, rating_changes, created_at)
  on summoners_grid.game_sessions to gamekeeper_readonly, gamekeeper_auditor;
grant select, insert, delete on summoners_grid.template_uses to gamekeeper_app;
grant select on summoners_grid.template_uses to gamekeeper_readonly;
