-- It is kept in caches, too, that there is no such purse; so the making of one says so as well.
-- Locks: sample_game.coins, share row exclusive, for a moment (triggers).

create function sample_game.invalidate_probed_coins()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform sample_game.invalidate(array(select 'sample:probed-coin:{' || n.id || '}' from new_rows n));
  else
    perform sample_game.invalidate(array(select 'sample:probed-coin:{' || o.id || '}' from old_rows o));
  end if;
  return null;
end
$$;
create trigger coins_invalidate_probed_insert after insert on sample_game.coins
  referencing new table as new_rows
  for each statement execute function sample_game.invalidate_probed_coins();
create trigger coins_invalidate_probed_update after update on sample_game.coins
  referencing old table as old_rows
  for each statement execute function sample_game.invalidate_probed_coins();
create trigger coins_invalidate_probed_delete after delete on sample_game.coins
  referencing old table as old_rows
  for each statement execute function sample_game.invalidate_probed_coins();
