drop index concurrently summoners_grid.idx_decks_summon_slots;
create index concurrently idx_decks_summon_slots on summoners_grid.decks using gin (summon_slots);
drop index concurrently summoners_grid.idx_decks_cards;
create index concurrently idx_decks_cards on summoners_grid.decks using gin ((main_deck || advance_deck));
