drop index concurrently sample_game.idx_coins_amount;
