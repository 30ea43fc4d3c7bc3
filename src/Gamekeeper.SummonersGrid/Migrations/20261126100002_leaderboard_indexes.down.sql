drop index concurrently summoners_grid.idx_users_games_won;
drop index concurrently summoners_grid.idx_users_rating;
