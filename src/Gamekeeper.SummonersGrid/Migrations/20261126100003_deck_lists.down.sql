drop trigger decks_invalidate_lists_delete on summoners_grid.decks;
drop trigger decks_invalidate_lists_update on summoners_grid.decks;
drop function summoners_grid.invalidate_deck_lists();
