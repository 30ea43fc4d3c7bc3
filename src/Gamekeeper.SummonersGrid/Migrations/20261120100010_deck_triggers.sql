-- A card that moves takes its decks along: they stop being valid with its owner, and are valid again when it comes back. And what comes
-- into a deck counts as used.
-- Locks: card_instances and decks, share row exclusive, for a moment (triggers); decks, access exclusive, for a moment (policy).

-- The function below acts on decks of whoever's cards moved, not of whoever moved them.
create policy decks_follow_their_cards on summoners_grid.decks to gamekeeper_owner using (true) with check (true);

-- Runs behind the locks of the cards and takes decks in the order of their ids: players, cards, proposals, decks. Each statement sees
-- what was committed while the one before waited, so that of two moves the later one has the last word. Only what a move can change is
-- written anew; every other finding of the validation stands as it was. Decks that were never validated stay so.
create function summoners_grid.revalidate_decks()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  moved uuid[];
  concerned uuid[];
begin
  if tg_op = 'DELETE' then
    select array_agg(o.id) into moved from old_rows o;
  else
    select array_agg(n.id) into moved from new_rows n join old_rows o on o.id = n.id where o.owner_id <> n.owner_id;
  end if;
  if moved is null then
    return null;
  end if;

  concerned := array(
    select d.id
    from summoners_grid.decks d
    -- idx_decks_cards
    where summoners_grid.deck_cards(d.main_deck, d.advance_deck, d.summon_slots) && moved
      and (d.is_valid or d.validation_errors is not null)
    order by d.id
    for update);
  if concerned = '{}' then
    return null;
  end if;

  with found as (
    select d.id, nullif(
      coalesce((
        select jsonb_agg(e.finding order by e.place)
        from jsonb_array_elements(d.validation_errors) with ordinality as e (finding, place)
        where e.finding ->> 'code' <> 'cards.not-owned'
      ), '[]')
      || coalesce(summoners_grid.cards_not_owned(d.owner_id, d.main_deck, d.advance_deck, d.summon_slots), '[]'),
      '[]') as errors
    from summoners_grid.decks d
    where d.id = any (concerned)
  ), changed as (
    update summoners_grid.decks d
    set is_valid = f.errors is null, validation_errors = f.errors
    from found f
    where d.id = f.id and d.validation_errors is distinct from f.errors
    returning d.id, d.version
  )
  insert into summoners_grid.outbox (topic, subject, version, payload)
  select 'deck.changed', c.id::text, c.version, '{}'
  from changed c;
  return null;
end
$$;

create trigger card_instances_revalidate_decks_update after update on summoners_grid.card_instances
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.revalidate_decks();
create trigger card_instances_revalidate_decks_delete after delete on summoners_grid.card_instances
  referencing old table as old_rows
  for each statement execute function summoners_grid.revalidate_decks();

-- Arrays carry no foreign key. By whatever path a deck is written, it is valid only while its owner holds every card it names. Cards that
-- are newly named are held until the commit; a deck whose cards stay the same is guarded by its own lock.
create function summoners_grid.check_deck_cards()
returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' or (old.main_deck, old.advance_deck, old.summon_slots) is distinct from (new.main_deck, new.advance_deck, new.summon_slots) then
    perform
    from summoners_grid.card_instances
    where id = any (summoners_grid.deck_cards(new.main_deck, new.advance_deck, new.summon_slots))
    order by id
    for share;
  end if;
  if summoners_grid.cards_not_owned(new.owner_id, new.main_deck, new.advance_deck, new.summon_slots) is not null then
    raise exception using
      errcode = '23514',
      schema = 'summoners_grid', table = 'decks', constraint = 'decks_valid_cards_are_owned',
      message = 'a valid deck names only cards that its owner holds';
  end if;
  return new;
end
$$;
create trigger decks_check_cards
  before insert or update of owner_id, main_deck, advance_deck, summon_slots, is_valid on summoners_grid.decks
  for each row when (new.is_valid)
  execute function summoners_grid.check_deck_cards();

-- A template that comes into a deck, by whatever path, has been used once, however many copies of it there are, and in a slot like in a list.
create function summoners_grid.count_deck_uses()
returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    insert into summoners_grid.template_uses (template_id, uses)
    select c.template_id, count(distinct d.id)
    from new_rows d
    cross join unnest(summoners_grid.deck_cards(d.main_deck, d.advance_deck, d.summon_slots)) as placed (card)
    join summoners_grid.card_instances c on c.id = placed.card
    group by c.template_id;
  else
    insert into summoners_grid.template_uses (template_id, uses)
    select fresh.template_id, count(*)
    from (
      select d.id, c.template_id
      from new_rows d
      cross join unnest(summoners_grid.deck_cards(d.main_deck, d.advance_deck, d.summon_slots)) as placed (card)
      join summoners_grid.card_instances c on c.id = placed.card
      except
      select d.id, c.template_id
      from old_rows d
      cross join unnest(summoners_grid.deck_cards(d.main_deck, d.advance_deck, d.summon_slots)) as placed (card)
      join summoners_grid.card_instances c on c.id = placed.card
    ) fresh
    group by fresh.template_id;
  end if;
  return null;
end
$$;
create trigger decks_insert_counts_uses after insert on summoners_grid.decks
  referencing new table as new_rows
  for each statement execute function summoners_grid.count_deck_uses();
create trigger decks_update_counts_uses after update on summoners_grid.decks
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.count_deck_uses();
