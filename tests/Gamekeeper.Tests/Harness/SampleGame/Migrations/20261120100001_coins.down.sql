drop table sample_game.coins;
--@include journal.v1.down
