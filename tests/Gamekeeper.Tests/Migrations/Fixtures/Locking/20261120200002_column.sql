-- Locks: test_locking.things, access exclusive, for a moment.
alter table test_locking.things add column size int;
comment on column test_locking.things.size is 'internal: how big';
