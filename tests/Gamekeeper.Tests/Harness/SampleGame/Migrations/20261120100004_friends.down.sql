--@include friends.v1.down players=players
drop table sample_game.players;
