-- Takes back what imports.v1 made in {schema}.
drop table {schema}.import_refusals;
drop table {schema}.imports;
