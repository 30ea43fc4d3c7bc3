drop trigger coins_invalidate_delete on sample_game.coins;
drop trigger coins_invalidate_update on sample_game.coins;
drop function sample_game.invalidate_coins();
--@include cache.v1.down
