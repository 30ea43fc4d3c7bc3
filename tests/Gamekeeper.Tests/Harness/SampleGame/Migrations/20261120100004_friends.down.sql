--@include friends.v1.down
drop table sample_game.players;
