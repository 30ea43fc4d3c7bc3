-- Locks: people, access exclusive, for a moment.
alter table test_contracting.people add column title text;
