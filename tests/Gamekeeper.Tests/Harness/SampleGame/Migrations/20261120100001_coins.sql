-- The sample game's journal and its one table.
-- Locks: none on existing tables; everything here is new.

--@include journal.v1

create table sample_game.coins (
  id uuid not null default gen_random_uuid(),
  owner_id uuid not null,
  amount bigint not null,
  grade text,
  note text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint coins_pkey primary key (id),
  constraint coins_grade_values check (grade in ('low', 'high'))
);
create index idx_coins_owner on sample_game.coins (owner_id);

comment on table sample_game.coins is 'distributed(id, coin): purses of the sample game';
comment on column sample_game.coins.id is 'public: the purse';
comment on column sample_game.coins.owner_id is 'internal: whose it is';
comment on column sample_game.coins.amount is 'internal: how much is in it';
comment on column sample_game.coins.grade is 'internal: low or high; filled in by a data migration';
comment on column sample_game.coins.note is 'personal: what the owner wrote on it';
comment on column sample_game.coins.created_at is 'internal: when it was made';
comment on column sample_game.coins.updated_at is 'internal: when it was changed last';

create trigger coins_updated_at
  before update on sample_game.coins
  for each row execute function core.update_updated_at();
create trigger coins_audit_insert
  after insert on sample_game.coins
  referencing new table as new_rows
  for each statement execute function sample_game.audit_trigger('coins', 'id', 'note');
create trigger coins_audit_update
  after update on sample_game.coins
  referencing old table as old_rows new table as new_rows
  for each statement execute function sample_game.audit_trigger('coins', 'id', 'note');
create trigger coins_audit_delete
  after delete on sample_game.coins
  referencing old table as old_rows
  for each statement execute function sample_game.audit_trigger('coins', 'id', 'note');

grant select, insert, update, delete on sample_game.coins to gamekeeper_app;
grant select (id, owner_id, amount, grade, created_at, updated_at) on sample_game.coins to gamekeeper_readonly;
