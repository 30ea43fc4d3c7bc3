drop table test_locking.things;
