comment on column core.login_sessions.last_used is 'internal: last sign-in or refresh';
