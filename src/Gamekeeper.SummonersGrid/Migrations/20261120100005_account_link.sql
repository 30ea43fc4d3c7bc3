--@single-server
-- The one foreign key that crosses schemas: a player is an account. A distributed database goes without it; an invariant watches then.
-- Locks: share row exclusive on summoners_grid.users and core.accounts, for as long as the check of existing rows takes.
alter table summoners_grid.users
  add constraint users_id_fkey foreign key (id) references core.accounts (id) on delete no action;
