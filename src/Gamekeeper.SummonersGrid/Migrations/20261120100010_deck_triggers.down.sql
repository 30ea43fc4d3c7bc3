drop trigger decks_update_counts_uses on summoners_grid.decks;
drop trigger decks_insert_counts_uses on summoners_grid.decks;
drop function summoners_grid.count_deck_uses();
drop trigger decks_check_cards on summoners_grid.decks;
drop function summoners_grid.check_deck_cards();
drop trigger card_instances_revalidate_decks_delete on summoners_grid.card_instances;
drop trigger card_instances_revalidate_decks_update on summoners_grid.card_instances;
drop function summoners_grid.revalidate_decks();
drop policy decks_follow_their_cards on summoners_grid.decks;
