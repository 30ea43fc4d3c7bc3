-- Finds the richest purses.
-- Locks: none that stops a writer; the build reads the table once and waits for transactions older than itself.
--@no-transaction

create index concurrently idx_coins_amount on sample_game.coins (amount desc);
