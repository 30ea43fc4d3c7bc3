-- last_used follows every request now, a moment later; docs/concepts/write-behind.md.
-- Locks: core.login_sessions, share update exclusive, for a moment (a comment).

comment on column core.login_sessions.last_used is 'internal: last sign-in, refresh or request; of requests half a minute late, or lost';
