drop trigger decks_update_counts_uses on summoners_grid.decks;
drop trigger decks_insert_counts_uses on summoners_grid.decks;
drop function summoners_grid.count_deck_uses();
drop table summoners_grid.template_uses;
drop table summoners_grid.game_sessions;
