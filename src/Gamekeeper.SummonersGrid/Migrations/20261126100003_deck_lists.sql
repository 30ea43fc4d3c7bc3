-- Cached lists of public decks may be a minute old, but not show what its owner has withdrawn: the tag that all of them have is removed with
-- it. What else changes in a deck is seen when their time is over.
-- Locks: decks, share row exclusive, for a moment (triggers).

create function summoners_grid.invalidate_deck_lists()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    if exists (select from old_rows o where o.is_public) then
      perform summoners_grid.invalidate(array['core:tag:{sg:decks}']);
    end if;
  elsif exists (select from old_rows o join new_rows n on n.id = o.id where o.is_public and not n.is_public) then
    perform summoners_grid.invalidate(array['core:tag:{sg:decks}']);
  end if;
  return null;
end
$$;
create trigger decks_invalidate_lists_update after update on summoners_grid.decks
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.invalidate_deck_lists();
create trigger decks_invalidate_lists_delete after delete on summoners_grid.decks
  referencing old table as old_rows
  for each statement execute function summoners_grid.invalidate_deck_lists();
