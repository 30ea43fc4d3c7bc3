-- The first players by rating and by won matches, without sorting all of them.
-- Locks: none that stops a writer; each build reads the table twice and waits for transactions older than itself. From then on a change of
-- rating or of won matches writes the row's index entries anew.
--@no-transaction

create index concurrently idx_users_rating on summoners_grid.users (rating desc, id) where is_active;
create index concurrently idx_users_games_won on summoners_grid.users (games_won desc, id) where is_active;
