-- Locks: none on existing tables.
create table test_contracting.people (
  id int not null,
  name text not null,
  constraint people_pkey primary key (id)
);
insert into test_contracting.people select n, 'person ' || n from generate_series(1, 250) n;
grant usage on schema test_contracting to gamekeeper_app;
grant select, insert, update on test_contracting.people to gamekeeper_app;
