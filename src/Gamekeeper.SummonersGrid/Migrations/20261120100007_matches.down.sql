drop table summoners_grid.template_uses;
drop table summoners_grid.game_sessions;
