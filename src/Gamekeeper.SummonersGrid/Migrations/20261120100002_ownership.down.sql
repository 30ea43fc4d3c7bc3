drop table summoners_grid.ownership_verifications;
drop table summoners_grid.ownership_history;
drop table summoners_grid.ownership_operations;
drop sequence summoners_grid.ownership_sequence;
