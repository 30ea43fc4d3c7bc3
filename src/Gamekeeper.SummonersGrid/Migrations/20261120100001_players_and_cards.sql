-- Players, card templates and owned cards.
-- Locks: none on existing tables; everything here is new.

--@include journal.v1

-- Players. Identity lives in core.accounts; this row holds the game's columns and a copy of the public names for its own indexes.
create table summoners_grid.users (
  id uuid not null default gen_random_uuid(),
  username varchar(50) not null,
  display_name varchar(100),
  avatar_url text,
  level int not null default 1,
  experience int not null default 0,
  rating int not null default 1000,
  peak_rating int not null default 1000,
  total_games int not null default 0,
  games_won int not null default 0,
  is_active boolean not null default true,
  frozen_at timestamptz,
  account_version bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint chk_valid_rating check (rating between 0 and 5000),
  constraint users_valid_peak_rating check (peak_rating between 0 and 5000),
  constraint users_level_positive check (level >= 1),
  constraint users_experience_not_negative check (experience >= 0),
  constraint users_games_won_of_total check (games_won between 0 and total_games)
);
-- Names come from the core one after the other and may swap owners, so they are indexed and not unique here.
create index idx_users_username on summoners_grid.users (lower(username));
create index idx_users_search on summoners_grid.users
  using gin (to_tsvector('english', username || ' ' || coalesce(display_name, '')));
-- English stemming drops names that are stop words ("Will", "Can"); the simple configuration keeps them.
create index idx_users_search_simple on summoners_grid.users
  using gin (to_tsvector('simple', username || ' ' || coalesce(display_name, '')));

comment on table summoners_grid.users is 'distributed(id, players): one row per player of this game';
comment on column summoners_grid.users.id is 'internal: the account''s id';
comment on column summoners_grid.users.username is 'public: copy of the account''s name';
comment on column summoners_grid.users.display_name is 'public: copy of the account''s display name';
comment on column summoners_grid.users.avatar_url is 'public: copy of the account''s picture address';
comment on column summoners_grid.users.level is 'public: game level, from 1';
comment on column summoners_grid.users.experience is 'public: experience points';
comment on column summoners_grid.users.rating is 'public: 0 to 5000, starts at 1000';
comment on column summoners_grid.users.peak_rating is 'public: highest rating so far';
comment on column summoners_grid.users.total_games is 'public: finished matches';
comment on column summoners_grid.users.games_won is 'public: won matches';
comment on column summoners_grid.users.is_active is 'internal: false once the account is closed';
comment on column summoners_grid.users.frozen_at is 'internal: since when the player may neither give nor take; projected from the account';
comment on column summoners_grid.users.account_version is 'internal: version of the account that the copied columns show';
comment on column summoners_grid.users.created_at is 'internal: first call to this game';
comment on column summoners_grid.users.updated_at is 'internal: last change';

create trigger update_users_updated_at
  before update on summoners_grid.users
  for each row execute function core.update_updated_at();
create trigger users_keep_their_key
  before update of id on summoners_grid.users
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('users');
create trigger audit_users_insert after insert on summoners_grid.users
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('users', 'id');
create trigger audit_users_update after update on summoners_grid.users
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('users', 'id');
create trigger audit_users_delete after delete on summoners_grid.users
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('users', 'id');

-- A player changes only the own row; everyone may see the public columns, which is all there is. The check stands on the new row and
-- not on the old one: a trade holds both parties' rows with FOR SHARE, which asks the USING side, and a forbidden change fails loudly.
alter table summoners_grid.users enable row level security;
alter table summoners_grid.users force row level security;
create policy users_are_public on summoners_grid.users for select using (true);
create policy users_join_for_themselves on summoners_grid.users for insert
  with check (id = core.current_actor() or core.is_trusted());
create policy users_change_themselves on summoners_grid.users for update
  using (true)
  with check (id = core.current_actor() or core.is_trusted());

-- Card templates: static definitions. The whole catalogue lives in the memory of every node; its version tells when to read it again.
create table summoners_grid.card_templates (
  id varchar(50) not null,
  name varchar(100) not null,
  type varchar(50) not null,
  rarity varchar(20) not null,
  cost jsonb,
  requirements jsonb,
  effects jsonb,
  attributes jsonb,
  stats jsonb,
  flavor_text text,
  image_url text,
  usage_count int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint card_templates_pkey primary key (id),
  constraint card_templates_id_not_blank check (length(trim(id)) > 0),
  constraint card_templates_name_not_blank check (length(trim(name)) > 0),
  constraint card_templates_usage_not_negative check (usage_count >= 0),
  constraint card_templates_flavor_text_length check (length(flavor_text) <= 4000),
  constraint card_templates_image_url_length check (length(image_url) <= 2048)
);
create index idx_card_templates_effects on summoners_grid.card_templates using gin (effects);
create index idx_card_templates_attributes on summoners_grid.card_templates using gin (attributes);
create index idx_card_templates_search on summoners_grid.card_templates
  using gin (to_tsvector('english', name || ' ' || coalesce(flavor_text, '')));
create index idx_card_templates_name on summoners_grid.card_templates (name, id);
create index idx_card_templates_usage on summoners_grid.card_templates (usage_count desc, id);

comment on table summoners_grid.card_templates is 'reference: static card definitions';
comment on column summoners_grid.card_templates.id is 'public: the designer''s id';
comment on column summoners_grid.card_templates.name is 'public: card name';
comment on column summoners_grid.card_templates.type is 'public: kind of card';
comment on column summoners_grid.card_templates.rarity is 'public: rarity';
comment on column summoners_grid.card_templates.cost is 'public: what playing it costs';
comment on column summoners_grid.card_templates.requirements is 'public: what it needs';
comment on column summoners_grid.card_templates.effects is 'public: what it does';
comment on column summoners_grid.card_templates.attributes is 'public: faction, element, keywords';
comment on column summoners_grid.card_templates.stats is 'public: numbers of a summon';
comment on column summoners_grid.card_templates.flavor_text is 'public: flavour';
comment on column summoners_grid.card_templates.image_url is 'public: picture';
comment on column summoners_grid.card_templates.usage_count is 'public: uses in decks and matches, maintained in batches';
comment on column summoners_grid.card_templates.created_at is 'internal: first import';
comment on column summoners_grid.card_templates.updated_at is 'internal: last change';

create trigger update_card_templates_updated_at
  before update on summoners_grid.card_templates
  for each row execute function core.update_updated_at();
create trigger card_templates_keep_their_key
  before update of id on summoners_grid.card_templates
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('card_templates');
create trigger audit_card_templates_insert after insert on summoners_grid.card_templates
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('card_templates', 'id');
create trigger audit_card_templates_update after update on summoners_grid.card_templates
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('card_templates', 'id');
create trigger audit_card_templates_delete after delete on summoners_grid.card_templates
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('card_templates', 'id');

create table summoners_grid.catalogue_version (
  only_row boolean not null default true,
  version bigint not null default 1,
  constraint catalogue_version_pkey primary key (only_row),
  constraint catalogue_version_has_one_row check (only_row)
);
insert into summoners_grid.catalogue_version default values;
comment on table summoners_grid.catalogue_version is 'reference: one row that says which catalogue of templates is current';
comment on column summoners_grid.catalogue_version.only_row is 'internal: holds the table to one row';
comment on column summoners_grid.catalogue_version.version is 'internal: grows with every change of a template';

-- Whoever changes a template, by whatever path, moves the version in the same transaction. Counting uses does not, nor does a statement
-- that touches no row: an import of what is there already leaves every node's catalogue as it is.
create function summoners_grid.move_catalogue_version()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    perform from new_rows n join old_rows o using (id)
    where to_jsonb(n) - '{usage_count,updated_at}'::text[] is distinct from to_jsonb(o) - '{usage_count,updated_at}'::text[];
  elsif tg_op = 'INSERT' then
    perform from new_rows limit 1;
  else
    perform from old_rows limit 1;
  end if;
  if found then
    update summoners_grid.catalogue_version set version = version + 1;
  end if;
  return null;
end
$$;
create trigger card_templates_insert_moves_the_catalogue after insert on summoners_grid.card_templates
  referencing new table as new_rows
  for each statement execute function summoners_grid.move_catalogue_version();
create trigger card_templates_update_moves_the_catalogue after update on summoners_grid.card_templates
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.move_catalogue_version();
create trigger card_templates_delete_moves_the_catalogue after delete on summoners_grid.card_templates
  referencing old table as old_rows
  for each statement execute function summoners_grid.move_catalogue_version();

-- Owned cards. A card is never deleted; it moves. Its history is the truth of ownership, this row its head.
create table summoners_grid.card_instances (
  id uuid not null default gen_random_uuid(),
  template_id varchar(50) not null,
  owner_id uuid not null,
  unique_stats jsonb,
  signature varchar(512) not null,
  signature_chain text[] not null default '{}',
  events int not null default 1,
  acquired_method varchar(50) not null,
  acquisition_data jsonb,
  created_at timestamptz not null default now(),
  last_transferred timestamptz,
  constraint card_instances_pkey primary key (id),
  constraint card_instances_template_id_fkey foreign key (template_id)
    references summoners_grid.card_templates (id) on delete restrict,
  constraint card_instances_owner_id_fkey foreign key (owner_id)
    references summoners_grid.users (id) on delete cascade,
  constraint card_instances_signature_key unique (signature),
  constraint chk_signature_format check (length(signature) >= 64),
  constraint card_instances_events_positive check (events >= 1),
  constraint card_instances_chain_is_a_tail check (cardinality(signature_chain) <= 8)
);
create index idx_card_instances_owner_template on summoners_grid.card_instances (owner_id, template_id);
create index idx_card_instances_owner_newest on summoners_grid.card_instances (owner_id, created_at desc, id desc);
create index idx_card_instances_template on summoners_grid.card_instances (template_id);
-- Only procedural cards have stats of their own; the others would only swell the index.
create index idx_card_instances_stats on summoners_grid.card_instances
  using gin (unique_stats jsonb_path_ops) where unique_stats is not null;

comment on table summoners_grid.card_instances is 'distributed(id, cards): owned cards; owners change, so a card is keyed by itself';
comment on column summoners_grid.card_instances.id is 'public: the card';
comment on column summoners_grid.card_instances.template_id is 'public: what it is a copy of; covered by the first event';
comment on column summoners_grid.card_instances.owner_id is 'public: who owns it now';
comment on column summoners_grid.card_instances.unique_stats is 'public: numbers of a procedural card; covered by the first event';
comment on column summoners_grid.card_instances.signature is 'public: hash of the latest ownership event under the key id that signed it';
comment on column summoners_grid.card_instances.signature_chain is 'public: the last eight signatures before this one';
comment on column summoners_grid.card_instances.events is 'internal: how many ownership events it has, the latest one''s position';
comment on column summoners_grid.card_instances.acquired_method is 'public: how it came into the world';
comment on column summoners_grid.card_instances.acquisition_data is 'internal: pack and reason, never personal text';
comment on column summoners_grid.card_instances.created_at is 'public: when it was minted';
comment on column summoners_grid.card_instances.last_transferred is 'public: when it last moved';

create trigger card_instances_keep_their_key
  before update of id on summoners_grid.card_instances
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('card_instances');
create trigger audit_card_instances_insert after insert on summoners_grid.card_instances
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('card_instances', 'id');
create trigger audit_card_instances_update after update on summoners_grid.card_instances
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('card_instances', 'id');
create trigger audit_card_instances_delete after delete on summoners_grid.card_instances
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('card_instances', 'id');

grant select, insert on summoners_grid.users to gamekeeper_app;
grant update (username, display_name, avatar_url, level, experience, rating, peak_rating, total_games, games_won, is_active, frozen_at, account_version)
  on summoners_grid.users to gamekeeper_app;
grant select, insert, update on summoners_grid.card_templates to gamekeeper_app;
grant select on summoners_grid.catalogue_version to gamekeeper_app;
grant select, insert on summoners_grid.card_instances to gamekeeper_app;
-- What a card is never changes, only whose it is.
grant update (owner_id, signature, signature_chain, events, last_transferred) on summoners_grid.card_instances to gamekeeper_app;
grant select on summoners_grid.users, summoners_grid.card_templates, summoners_grid.catalogue_version, summoners_grid.card_instances
  to gamekeeper_readonly, gamekeeper_auditor;
