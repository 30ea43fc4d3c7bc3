alter table test_locking.things drop column size;
