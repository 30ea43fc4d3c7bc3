drop table summoners_grid.compensated_events;
drop table summoners_grid.compensations;
