-- Decks: a version for whoever edits, what counts as a deck's cards, and a search over the summons of public decks.
-- Locks: decks, access exclusive, for a moment (column, constraint not yet checked, policies); then decks, share update exclusive, while
-- the constraint is checked, which stops nobody.

-- Grows with every change, so that two who edit at once are told apart.
alter table summoners_grid.decks add column version bigint not null default 1;
comment on column summoners_grid.decks.version is 'public: grows with every change, of whatever kind; the deck''s ETag';

create function summoners_grid.count_deck_version()
returns trigger
language plpgsql
as $$
begin
  new.version = old.version + 1;
  return new;
end
$$;
create trigger decks_count_versions
  before update on summoners_grid.decks
  for each row execute function summoners_grid.count_deck_version();

alter table summoners_grid.decks add constraint decks_valid_without_errors
  check (not is_valid or validation_errors is null) not valid;
alter table summoners_grid.decks validate constraint decks_valid_without_errors;

-- Every card that a deck names: both lists, and of each slot {"card": …} or the plain id. What is no id names no card.
create function summoners_grid.deck_cards(main_deck uuid[], advance_deck uuid[], summon_slots jsonb)
returns uuid[]
language sql
immutable parallel safe
as $$
  select main_deck || advance_deck || array(
    select case when card ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then card::uuid end
    from (
      select coalesce(value ->> 'card', value #>> '{}') as card
      from jsonb_each(case when jsonb_typeof(summon_slots) = 'object' then summon_slots else '{}' end)
    ) slots
    where card ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  )
$$;

-- The part of a validation that a card's move can change: an entry for each named card that its owner does not hold, null for none.
create function summoners_grid.cards_not_owned(owner_id uuid, main_deck uuid[], advance_deck uuid[], summon_slots jsonb)
returns jsonb
language sql
stable
as $$
  select jsonb_agg(
    jsonb_build_object('code', 'cards.not-owned', 'field', n.field, 'card', n.card, 'message', 'is not a card of the deck''s owner')
    order by n.field collate "C", n.card::text collate "C")
  from (
    select 'mainDeck' as field, m.card from unnest(main_deck) as m (card)
    union
    select 'advanceDeck', a.card from unnest(advance_deck) as a (card)
    union
    select 'summonSlots.' || s.key, c.card
    from jsonb_each(case when jsonb_typeof(summon_slots) = 'object' then summon_slots else '{}' end) s
    cross join unnest(summoners_grid.deck_cards('{}', '{}', jsonb_build_object(s.key, s.value))) as c (card)
  ) n
  where not exists (
    select
    from summoners_grid.card_instances i
    where i.id = n.card and i.owner_id = cards_not_owned.owner_id)
$$;

-- Searches run as a role under a policy of its own: row security asks its question first, and no containment operator promises not to
-- leak what it sees, so under the other policies no GIN index is ever used. The functions ask who may see what.
create policy decks_searched on summoners_grid.decks for select to gamekeeper_search using (true);
grant select on summoners_grid.decks to gamekeeper_search;
grant select (id, owner_id) on summoners_grid.card_instances to gamekeeper_search;

-- Public decks whose summons contain a document, last changed first. What matches is found first, apart from the order: PostgreSQL guesses
-- one fixed share of matches for any document, and for a rare one would rather read the whole list in order, 80 ms among 200 000 decks.
create function summoners_grid.search_decks(slots jsonb, before_updated timestamptz, before_id uuid, most int)
returns setof summoners_grid.decks
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query execute
    'with found as materialized (
       -- idx_decks_summon_slots
       select id, updated_at
       from summoners_grid.decks
       where is_public and summon_slots @> $1),
     listed as materialized (
       select id
       from found
       where $2 is null or (updated_at, id) < ($2, $3)
       order by updated_at desc, id desc
       limit $4)
     select d.*
     from listed
     join summoners_grid.decks d using (id)
     order by d.updated_at desc, d.id desc'
    using slots, before_updated, before_id, most;
end
$$;

-- For verification, which acts for nobody and so sees no private deck: valid decks that name a card their owner does not hold.
create function summoners_grid.decks_without_their_cards(most int)
returns table (deck_id uuid, missing jsonb)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select d.id, m.missing
  from summoners_grid.decks d
  cross join lateral summoners_grid.cards_not_owned(d.owner_id, d.main_deck, d.advance_deck, d.summon_slots) as m (missing)
  where d.is_valid and m.missing is not null
  order by d.id
  limit most
$$;

grant execute on function
  summoners_grid.deck_cards(uuid[], uuid[], jsonb),
  summoners_grid.cards_not_owned(uuid, uuid[], uuid[], jsonb)
  to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor, gamekeeper_search;
grant execute on function
  summoners_grid.search_decks(jsonb, timestamptz, uuid, int),
  summoners_grid.decks_without_their_cards(int)
  to gamekeeper_app;

-- Whoever is given a function must be allowed to make one there, for as long as that takes.
grant create on schema summoners_grid to gamekeeper_search;
alter function summoners_grid.search_decks(jsonb, timestamptz, uuid, int) owner to gamekeeper_search;
alter function summoners_grid.decks_without_their_cards(int) owner to gamekeeper_search;
revoke create on schema summoners_grid from gamekeeper_search;
