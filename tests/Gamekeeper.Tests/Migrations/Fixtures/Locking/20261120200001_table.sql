-- Locks: none on existing tables.
create table test_locking.things (
  id int not null,
  constraint things_pkey primary key (id)
);
comment on table test_locking.things is 'local: things';
comment on column test_locking.things.id is 'internal: which';
