drop table summoners_grid.import_refusals;
drop table summoners_grid.imports;
