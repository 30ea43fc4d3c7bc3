--@no-transaction
-- Indexes for finding players by part of a name.
-- Locks: none that stop reading or writing; each index is built concurrently, reading summoners_grid.users twice (seconds for a million
-- players). An interrupted build leaves an invalid index, which the next run drops and builds again.

-- Any part of a name. The search role is not needed here: everyone may see every player, so row security adds no condition of its own
-- that would keep these operators from the index. The application asks for is_active by itself, and a plan test holds the index.
create index concurrently idx_users_names_trigram on summoners_grid.users
  using gin (username public.gin_trgm_ops, display_name public.gin_trgm_ops) where is_active;

-- Beginnings, for what is too short for a trigram. Byte order, so that a range of names is a range of the index.
create index concurrently idx_users_username_prefix on summoners_grid.users (lower(username) text_pattern_ops, id) where is_active;
create index concurrently idx_users_display_name_prefix on summoners_grid.users (lower(display_name) text_pattern_ops, id) where is_active;
