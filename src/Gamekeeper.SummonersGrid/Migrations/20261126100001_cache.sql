-- What a write makes old in caches; see docs/concepts/caching.md. The keys are those of SummonersGridKeys.
-- Locks: users, card_instances, card_templates, catalogue_version, decks, trade_proposals and game_sessions, share row exclusive, each for
-- a moment (triggers).

--@include cache.v1

-- Each trigger tells all that its statement made old in one row, however many rows the statement wrote. Inserts are told only where
-- something cached counts or lists them: what does not exist is never cached.

create function summoners_grid.invalidate_players()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    perform summoners_grid.invalidate(array(
      select k.kind || o.id || '}'
      from old_rows o
      cross join (values ('sg:user:profile:{'), ('sg:stats:{')) as k (kind)));
  else
    perform summoners_grid.invalidate(array(
      select k.kind || o.id || '}'
      from old_rows o
      join new_rows n on n.id = o.id
      cross join (values ('sg:user:profile:{'), ('sg:stats:{')) as k (kind)
      where (o.username, o.display_name, o.avatar_url, o.level, o.experience, o.rating, o.peak_rating, o.total_games, o.games_won,
          o.is_active, o.frozen_at, o.created_at)
        is distinct from (n.username, n.display_name, n.avatar_url, n.level, n.experience, n.rating, n.peak_rating, n.total_games,
          n.games_won, n.is_active, n.frozen_at, n.created_at)));
  end if;
  return null;
end
$$;
create trigger users_invalidate_update after update on summoners_grid.users
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.invalidate_players();
create trigger users_invalidate_delete after delete on summoners_grid.users
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_players();

-- On the path of every mint and trade: owners once each, and nothing of the cards themselves. A freeze is in no cached value.
create function summoners_grid.invalidate_collections()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform summoners_grid.invalidate(array(
      select k.kind || c.owner_id || '}'
      from (select distinct owner_id from new_rows) c
      cross join (values ('sg:user:collection:{'), ('sg:stats:{')) as k (kind)));
  elsif tg_op = 'DELETE' then
    perform summoners_grid.invalidate(array(
      select k.kind || c.owner_id || '}'
      from (select distinct owner_id from old_rows) c
      cross join (values ('sg:user:collection:{'), ('sg:stats:{')) as k (kind)));
  else
    perform summoners_grid.invalidate(array(
      select k.kind || c.owner_id || '}'
      from (
        select distinct s.owner_id
        from old_rows o
        join new_rows n on n.id = o.id
        cross join lateral (values (o.owner_id), (n.owner_id)) as s (owner_id)
        where (o.owner_id, o.template_id, o.unique_stats, o.signature, o.acquired_method, o.events, o.created_at, o.last_transferred)
          is distinct from (n.owner_id, n.template_id, n.unique_stats, n.signature, n.acquired_method, n.events, n.created_at, n.last_transferred)
      ) c
      cross join (values ('sg:user:collection:{'), ('sg:stats:{')) as k (kind)));
  end if;
  return null;
end
$$;
create trigger card_instances_invalidate_insert after insert on summoners_grid.card_instances
  referencing new table as new_rows
  for each statement execute function summoners_grid.invalidate_collections();
create trigger card_instances_invalidate_update after update on summoners_grid.card_instances
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.invalidate_collections();
create trigger card_instances_invalidate_delete after delete on summoners_grid.card_instances
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_collections();

-- Counting uses changes no cached value.
create function summoners_grid.invalidate_templates()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    perform summoners_grid.invalidate(array(select 'sg:card:template:{' || o.id || '}' from old_rows o));
  else
    perform summoners_grid.invalidate(array(
      select 'sg:card:template:{' || o.id || '}'
      from old_rows o
      join new_rows n on n.id = o.id
      where (o.name, o.type, o.rarity, o.cost, o.requirements, o.effects, o.attributes, o.stats, o.flavor_text, o.image_url)
        is distinct from (n.name, n.type, n.rarity, n.cost, n.requirements, n.effects, n.attributes, n.stats, n.flavor_text, n.image_url)));
  end if;
  return null;
end
$$;
create trigger card_templates_invalidate_update after update on summoners_grid.card_templates
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.invalidate_templates();
create trigger card_templates_invalidate_delete after delete on summoners_grid.card_templates
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_templates();

create function summoners_grid.invalidate_catalogue()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform summoners_grid.invalidate(array['sg:card:catalogue:{current}']);
  return null;
end
$$;
create trigger catalogue_version_invalidate_update after update on summoners_grid.catalogue_version
  for each statement execute function summoners_grid.invalidate_catalogue();

-- Fires for the revalidation behind a card's move, too.
create function summoners_grid.invalidate_decks()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform summoners_grid.invalidate(array(select 'sg:deck:{' || o.id || '}' from old_rows o));
  return null;
end
$$;
create trigger decks_invalidate_update after update on summoners_grid.decks
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_decks();
create trigger decks_invalidate_delete after delete on summoners_grid.decks
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_decks();

-- The open trades of both sides, and their numbers once a trade moved cards.
create function summoners_grid.invalidate_trades()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform summoners_grid.invalidate(array(
      select distinct k.kind || p.player || '}'
      from new_rows n
      cross join lateral (values (n.proposer_id), (n.target_player_id)) as p (player)
      cross join lateral (values ('sg:trades:{', n.status = 'pending'), ('sg:stats:{', n.status = 'completed')) as k (kind, is_old)
      where k.is_old));
  elsif tg_op = 'DELETE' then
    perform summoners_grid.invalidate(array(
      select distinct k.kind || p.player || '}'
      from old_rows o
      cross join lateral (values (o.proposer_id), (o.target_player_id)) as p (player)
      cross join lateral (values ('sg:trades:{', o.status = 'pending'), ('sg:stats:{', o.status = 'completed')) as k (kind, is_old)
      where k.is_old));
  else
    perform summoners_grid.invalidate(array(
      select distinct k.kind || p.player || '}'
      from old_rows o
      join new_rows n on n.id = o.id
      cross join lateral (values (o.proposer_id), (o.target_player_id), (n.proposer_id), (n.target_player_id)) as p (player)
      cross join lateral (values
        ('sg:trades:{', 'pending' in (o.status, n.status)),
        ('sg:stats:{', 'completed' in (o.status, n.status) and o.status <> n.status)) as k (kind, is_old)
      where k.is_old));
  end if;
  return null;
end
$$;
create trigger trade_proposals_invalidate_insert after insert on summoners_grid.trade_proposals
  referencing new table as new_rows
  for each statement execute function summoners_grid.invalidate_trades();
create trigger trade_proposals_invalidate_update after update on summoners_grid.trade_proposals
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.invalidate_trades();
create trigger trade_proposals_invalidate_delete after delete on summoners_grid.trade_proposals
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_trades();

create function summoners_grid.invalidate_matches()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform summoners_grid.invalidate(array(select 'sg:game:{' || o.id || '}' from old_rows o));
  return null;
end
$$;
create trigger game_sessions_invalidate_update after update on summoners_grid.game_sessions
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_matches();
create trigger game_sessions_invalidate_delete after delete on summoners_grid.game_sessions
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_matches();
