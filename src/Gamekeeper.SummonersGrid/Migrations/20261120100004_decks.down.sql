drop table summoners_grid.decks;
