-- Takes back what friends.v1 made in {schema}.
drop function {schema}.friend_counts(uuid, int);
drop view {schema}.friend_sides;
drop view {schema}.friend_names;
drop table {schema}.friendships;
revoke select (id, username, display_name, avatar_url, is_active, frozen_at) on {schema}.{players} from gamekeeper_search;
