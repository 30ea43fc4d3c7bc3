-- Friendships of {schema}: who asked whom, how the two stand and who blocks, one row a pair. Needs the journal, and {schema}.{players} with
-- the columns id, username, display_name, avatar_url, is_active and frozen_at, of which every role may see every row. Never changed, only
-- followed by a v2.

create table {schema}.friendships (
  id uuid not null default gen_random_uuid(),
  requester_id uuid not null,
  addressee_id uuid not null,
  status varchar(20) not null default 'pending',
  since timestamptz not null default now(),
  requester_blocks_since timestamptz,
  addressee_blocks_since timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint friendships_pkey primary key (id),
  constraint friendships_requester_id_fkey foreign key (requester_id) references {schema}.{players} (id) on delete cascade,
  constraint friendships_addressee_id_fkey foreign key (addressee_id) references {schema}.{players} (id) on delete cascade,
  constraint friendships_requester_id_addressee_id_key unique (requester_id, addressee_id),
  constraint friendships_different_players check (requester_id <> addressee_id),
  constraint friendships_status_values check (status in ('pending', 'accepted', 'declined', 'blocked')),
  constraint friendships_blocked_by_someone check (status <> 'blocked' or coalesce(requester_blocks_since, addressee_blocks_since) is not null),
  constraint friendships_friends_do_not_block check (status <> 'accepted' or coalesce(requester_blocks_since, addressee_blocks_since) is null),
  constraint friendships_who_asks_does_not_block check (status <> 'pending' or requester_blocks_since is null)
);
-- One row a pair, whichever of the two came first.
create unique index idx_friendships_pair on {schema}.friendships
  (least(requester_id, addressee_id), greatest(requester_id, addressee_id));
create index idx_friendships_requester on {schema}.friendships (requester_id, status, since desc, id desc);
create index idx_friendships_addressee on {schema}.friendships (addressee_id, status, since desc, id desc);
create index idx_friendships_requester_blocks on {schema}.friendships (requester_id, requester_blocks_since desc, id desc)
  where requester_blocks_since is not null;
create index idx_friendships_addressee_blocks on {schema}.friendships (addressee_id, addressee_blocks_since desc, id desc)
  where addressee_blocks_since is not null;

comment on table {schema}.friendships is 'distributed(requester_id, players): one row for each two players who have to do with each other';
comment on column {schema}.friendships.id is 'internal: the pair';
comment on column {schema}.friendships.requester_id is 'internal: who asked; where nobody has, either of the two';
comment on column {schema}.friendships.addressee_id is 'internal: who was asked';
comment on column {schema}.friendships.status is 'internal: pending, accepted or declined, as one who is blocked believes it, too; blocked where there is nothing but a block';
comment on column {schema}.friendships.since is 'internal: since when the two stand so';
comment on column {schema}.friendships.requester_blocks_since is 'internal: since when the requester blocks the addressee; null for not';
comment on column {schema}.friendships.addressee_blocks_since is 'internal: since when the addressee blocks the requester; null for not';
comment on column {schema}.friendships.created_at is 'internal: when the two had to do with each other first';
comment on column {schema}.friendships.updated_at is 'internal: last change, of a block among others';

create trigger update_friendships_updated_at
  before update on {schema}.friendships
  for each row execute function core.update_updated_at();
create trigger friendships_keep_their_key
  before update of id on {schema}.friendships
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('friendships');
create trigger audit_friendships_insert after insert on {schema}.friendships
  referencing new table as new_rows
  for each statement execute function {schema}.audit_trigger('friendships', 'id');
create trigger audit_friendships_update after update on {schema}.friendships
  referencing old table as old_rows new table as new_rows
  for each statement execute function {schema}.audit_trigger('friendships', 'id');
create trigger audit_friendships_delete after delete on {schema}.friendships
  referencing old table as old_rows
  for each statement execute function {schema}.audit_trigger('friendships', 'id');

-- Each row is the two players' own. What the blocked one may know of it is for the verbs to say.
alter table {schema}.friendships enable row level security;
alter table {schema}.friendships force row level security;
create policy friendships_of_the_two on {schema}.friendships
  using (core.current_actor() in (requester_id, addressee_id) or core.is_trusted())
  with check (core.current_actor() in (requester_id, addressee_id) or core.is_trusted());
create policy friendships_counted on {schema}.friendships for select to gamekeeper_search using (true);

-- The game's public names, under one name in every game.
create view {schema}.friend_names with (security_invoker = true) as
  select id, username, display_name, avatar_url, is_active, frozen_at is not null as is_frozen
  from {schema}.{players};

-- Each pair from either side: a player stands on both. A list reads each side newest first from an index of its own and merges them.
create view {schema}.friend_sides with (security_invoker = true) as
  select id, requester_id as player_id, addressee_id as other_id, status, since, true as has_asked, requester_blocks_since as blocks_since
  from {schema}.friendships
  union all
  select id, addressee_id, requester_id, status, since, false, addressee_blocks_since
  from {schema}.friendships;

-- How much of everything a player has, each counted up to a limit: what the player's lists show, so that what counts can be ended. One of
-- two players may not see the other's rows, yet the other's limits hold for both.
create function {schema}.friend_counts(player uuid, most int, out friends bigint, out asked bigint, out asking bigint, out blocked bigint)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select
    (select count(*) from (
      select
      from {schema}.friend_sides s
      join {schema}.friend_names n on n.id = s.other_id and n.is_active
      where s.player_id = player and s.status = 'accepted'
      limit most) f),
    (select count(*) from (
      select
      from {schema}.friend_sides s
      join {schema}.friend_names n on n.id = s.other_id and n.is_active
      where s.player_id = player and s.status = 'pending' and s.has_asked
      limit most) f),
    (select count(*) from (
      select
      from {schema}.friend_sides s
      join {schema}.friend_names n on n.id = s.other_id and n.is_active
      where s.player_id = player and s.status = 'pending' and not s.has_asked and s.blocks_since is null
      limit most) f),
    (select count(*) from (
      select
      from {schema}.friend_sides s
      join {schema}.friend_names n on n.id = s.other_id and n.is_active
      where s.player_id = player and s.blocks_since is not null
      limit most) f)
$$;

grant select, insert, delete on {schema}.friendships to gamekeeper_app;
grant update (requester_id, addressee_id, status, since, requester_blocks_since, addressee_blocks_since) on {schema}.friendships to gamekeeper_app;
grant select on {schema}.friendships to gamekeeper_auditor, gamekeeper_search;
grant select on {schema}.friend_names, {schema}.friend_sides to gamekeeper_app, gamekeeper_search;
grant select (id, username, display_name, avatar_url, is_active, frozen_at) on {schema}.{players} to gamekeeper_search;
grant execute on function {schema}.friend_counts(uuid, int) to gamekeeper_app;

-- Whoever is given a function must be allowed to make one there, for as long as that takes.
grant create on schema {schema} to gamekeeper_search;
alter function {schema}.friend_counts(uuid, int) owner to gamekeeper_search;
revoke create on schema {schema} from gamekeeper_search;
