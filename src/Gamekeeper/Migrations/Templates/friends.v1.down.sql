-- Takes back what friends.v1 made in {schema}.
drop function {schema}.friend_counts(uuid, int);
drop view {schema}.friend_names;
drop table {schema}.friendships;
