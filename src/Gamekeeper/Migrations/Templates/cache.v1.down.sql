drop function {schema}.invalidate(text[]);
drop table {schema}.invalidations;
