-- Players of the sample game, and their friends.
-- Locks: none on existing tables; everything here is new.

create table sample_game.players (
  id uuid not null,
  username varchar(50) not null,
  display_name varchar(100),
  avatar_url text,
  is_active boolean not null default true,
  frozen_at timestamptz,
  constraint players_pkey primary key (id)
);
comment on table sample_game.players is 'distributed(id, players): players of the sample game';
comment on column sample_game.players.id is 'internal: the account''s id';
comment on column sample_game.players.username is 'public: copy of the account''s name';
comment on column sample_game.players.display_name is 'public: copy of the account''s display name';
comment on column sample_game.players.avatar_url is 'public: copy of the account''s picture address';
comment on column sample_game.players.is_active is 'internal: false once the account is closed';
comment on column sample_game.players.frozen_at is 'internal: since when the player may neither give nor take';
grant select, insert, update on sample_game.players to gamekeeper_app;

--@include friends.v1 players=players
