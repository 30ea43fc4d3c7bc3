drop trigger coins_invalidate_probed_delete on sample_game.coins;
drop trigger coins_invalidate_probed_update on sample_game.coins;
drop trigger coins_invalidate_probed_insert on sample_game.coins;
drop function sample_game.invalidate_probed_coins();
