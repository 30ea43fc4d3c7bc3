alter table summoners_grid.users drop constraint users_id_fkey;
