-- Finds a deck by any card it names, the summons included, and public decks by their summons.
-- Locks: none that stops a writer; each build reads the table twice and waits for transactions older than itself.
--@no-transaction

-- Without a list of pending entries: it is read whenever a card moves, and must cost the same each time.
drop index concurrently summoners_grid.idx_decks_cards;
create index concurrently idx_decks_cards on summoners_grid.decks
  using gin (summoners_grid.deck_cards(main_deck, advance_deck, summon_slots)) with (fastupdate = off);

-- Only public decks are searched, and only by containment: a third of the size, and a third of the time.
drop index concurrently summoners_grid.idx_decks_summon_slots;
create index concurrently idx_decks_summon_slots on summoners_grid.decks
  using gin (summon_slots jsonb_path_ops) where is_public;
