-- Decks.
-- Locks: none on existing tables beyond the brief share row exclusive lock of a foreign key.

create table summoners_grid.decks (
  id uuid not null default gen_random_uuid(),
  owner_id uuid not null,
  name varchar(100) not null,
  description text,
  format varchar(50) not null default '3v3',
  summon_slots jsonb not null,
  main_deck uuid[] not null,
  advance_deck uuid[] not null,
  is_valid boolean not null default false,
  validation_errors jsonb,
  is_public boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint decks_pkey primary key (id),
  constraint decks_owner_id_fkey foreign key (owner_id) references summoners_grid.users (id) on delete cascade,
  constraint decks_name_not_blank check (length(trim(name)) > 0),
  constraint decks_description_length check (length(description) <= 2000),
  constraint decks_main_deck_size check (cardinality(main_deck) <= 100),
  constraint decks_advance_deck_size check (cardinality(advance_deck) <= 100)
);
create index idx_decks_owner on summoners_grid.decks (owner_id, updated_at desc, id desc);
create index idx_decks_public on summoners_grid.decks (updated_at desc, id desc) where is_public;
create index idx_decks_summon_slots on summoners_grid.decks using gin (summon_slots);
-- Finds the decks that a card stands in, for when it leaves its owner.
create index idx_decks_cards on summoners_grid.decks using gin ((main_deck || advance_deck));

comment on table summoners_grid.decks is 'distributed(owner_id, players): decks of a player';
comment on column summoners_grid.decks.id is 'public: the deck';
comment on column summoners_grid.decks.owner_id is 'public: whose it is';
comment on column summoners_grid.decks.name is 'personal: what the player calls it';
comment on column summoners_grid.decks.description is 'personal: what the player says of it';
comment on column summoners_grid.decks.format is 'public: format, such as 3v3';
comment on column summoners_grid.decks.summon_slots is 'public: summons by slot';
comment on column summoners_grid.decks.main_deck is 'public: owned cards of the main deck';
comment on column summoners_grid.decks.advance_deck is 'public: owned cards of the advance deck';
comment on column summoners_grid.decks.is_valid is 'public: result of the last validation';
comment on column summoners_grid.decks.validation_errors is 'public: what the last validation found';
comment on column summoners_grid.decks.is_public is 'public: listed for everyone';
comment on column summoners_grid.decks.created_at is 'public: when it was made';
comment on column summoners_grid.decks.updated_at is 'public: last change';

create trigger update_decks_updated_at
  before update on summoners_grid.decks
  for each row execute function core.update_updated_at();
create trigger decks_keep_their_key
  before update of id on summoners_grid.decks
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('decks');
create trigger audit_decks_insert after insert on summoners_grid.decks
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('decks', 'id', 'name', 'description');
create trigger audit_decks_update after update on summoners_grid.decks
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('decks', 'id', 'name', 'description');
create trigger audit_decks_delete after delete on summoners_grid.decks
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('decks', 'id', 'name', 'description');

-- A deck is its owner's; others see it only once it is public.
alter table summoners_grid.decks enable row level security;
alter table summoners_grid.decks force row level security;
create policy decks_seen_by_owner_or_public on summoners_grid.decks for select
  using (owner_id = core.current_actor() or is_public or core.is_trusted());
create policy decks_made_by_owner on summoners_grid.decks for insert
  with check (owner_id = core.current_actor() or core.is_trusted());
create policy decks_changed_by_owner on summoners_grid.decks for update
  using (owner_id = core.current_actor() or core.is_trusted());
create policy decks_deleted_by_owner on summoners_grid.decks for delete
  using (owner_id = core.current_actor() or core.is_trusted());

grant select, insert, delete on summoners_grid.decks to gamekeeper_app;
grant update (name, description, format, summon_slots, main_deck, advance_deck, is_valid, validation_errors, is_public)
  on summoners_grid.decks to gamekeeper_app;
grant select on summoners_grid.decks to gamekeeper_auditor;
