-- Locks: people, access exclusive, while it is read once.
--@contract
alter table test_contracting.people alter column title set not null;
