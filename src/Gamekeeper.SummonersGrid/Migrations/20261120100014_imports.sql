-- How far imports of this game's data got, and what they refused. What is written in the game's schema is counted in the game's schema.
-- Locks: none on existing tables; everything here is new.

--@include imports.v1
