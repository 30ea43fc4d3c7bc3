-- What PostgreSQL keeps outside of a database about it, and does not copy with a template: owner, who may connect, limits of the roles in
-- it. Run as a superuser, in any database, after provision.roles.sql; repeatable. The database's name arrives as provision.database.

do $$
declare
  db text := current_setting('provision.database');
begin
  execute format('alter database %I owner to gamekeeper_owner', db);
  execute format('alter database %I set timezone to %L', db, 'UTC');
  execute format('revoke connect, temporary on database %I from public', db);
  execute format(
    'grant connect on database %I to gamekeeper_app, gamekeeper_readonly, gamekeeper_backup, gamekeeper_auditor', db);

  -- Nothing a player waits for takes longer; a forgotten transaction must not hold locks or keep vacuum back.
  execute format('alter role gamekeeper_app in database %I set statement_timeout to %L', db, '30s');
  execute format('alter role gamekeeper_app in database %I set lock_timeout to %L', db, '10s');
  execute format('alter role gamekeeper_app in database %I set idle_in_transaction_session_timeout to %L', db, '60s');
  execute format('alter role gamekeeper_readonly in database %I set default_transaction_read_only to %L', db, 'on');
  execute format('alter role gamekeeper_readonly in database %I set statement_timeout to %L', db, '5min');
end
$$;
