-- Friends.
-- Locks: users, share row exclusive, for a moment (foreign keys).

--@include friends.v1 players=users
