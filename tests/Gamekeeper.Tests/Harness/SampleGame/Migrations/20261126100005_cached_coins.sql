-- Purses are kept in caches; every write of one says so.
-- Locks: sample_game.coins, share row exclusive, for a moment (triggers).

--@include cache.v1

create function sample_game.invalidate_coins()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform sample_game.invalidate(array(select 'sample:coin:{' || o.id || '}' from old_rows o));
  return null;
end
$$;
create trigger coins_invalidate_update after update on sample_game.coins
  referencing old table as old_rows
  for each statement execute function sample_game.invalidate_coins();
create trigger coins_invalidate_delete after delete on sample_game.coins
  referencing old table as old_rows
  for each statement execute function sample_game.invalidate_coins();
