drop trigger accounts_invalidate_sessions on core.accounts;
drop trigger login_sessions_invalidate_delete on core.login_sessions;
drop trigger login_sessions_invalidate_update on core.login_sessions;
drop function core.invalidate_account_sessions();
drop policy login_sessions_select_for_triggers on core.login_sessions;
drop function core.invalidate_removed_sessions();
drop function core.invalidate_sessions();
--@include cache.v1.down
drop function core.forget_invalidations(text[], bigint[]);
drop function core.waiting_invalidations(interval, int);
drop function core.cache_stragglers(uuid, bigint);
drop function core.leave_cache(uuid);
drop function core.read_cache_members(uuid);
drop function core.renew_cache_lease(uuid, text, bigint, interval);
drop function core.raise_cache_epoch(text, text);
drop function core.cache_members(uuid);
drop table core.cache_nodes;
drop table core.cache_epoch;
