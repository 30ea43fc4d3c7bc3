drop function core.column_statistics(text[]);
drop function core.slow_statements(double precision, int);
drop function core.shown_statement(text);
