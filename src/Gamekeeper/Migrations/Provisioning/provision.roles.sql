-- The roles of Gamekeeper, one set a server. Run as a superuser, in any database; repeating it changes nothing but given passwords.
--
-- Passwords arrive as settings of this session, already hashed, so that none appears in the server's log:
--   provision.owner_password, provision.app_password, provision.readonly_password, provision.backup_password,
--   provision.auditor_password; an absent or empty one leaves that role's password as it is.
--   provision.app_connections: most connections of the application role, -1 for no limit.

do $$
declare
  role record;
  hash text;
begin
  for role in
    select *
    from (values
      -- Owns the schemas and runs migrations and upkeep. Never the application.
      ('gamekeeper_owner', 'login noreplication nosuperuser nocreaterole nocreatedb nobypassrls', 'owner'),
      -- The application: no DDL, row security applies, appends to trails and ledgers without ever changing them.
      ('gamekeeper_app', 'login noreplication nosuperuser nocreaterole nocreatedb nobypassrls', 'app'),
      -- People and reports that look and never touch.
      ('gamekeeper_readonly', 'login noreplication nosuperuser nocreaterole nocreatedb nobypassrls', 'readonly'),
      -- Base backups and the write-ahead log.
      ('gamekeeper_backup', 'login replication nosuperuser nocreaterole nocreatedb nobypassrls', 'backup'),
      -- Reads the trails of every schema.
      ('gamekeeper_auditor', 'login noreplication nosuperuser nocreaterole nocreatedb nobypassrls', 'auditor'),
      -- Owns nothing and logs in nowhere: searches run as this role, under policies of its own, because row security keeps
      -- trigram and GIN indexes from being used. Nobody is a member of it but the owner, who must be to hand functions to it.
      ('gamekeeper_search', 'nologin noreplication nosuperuser nocreaterole nocreatedb nobypassrls', null)
    ) as wanted (name, attributes, password)
  loop
    if not exists (select from pg_roles where rolname = role.name) then
      execute format('create role %I', role.name);
    end if;
    execute format('alter role %I with %s', role.name, role.attributes);
    hash := nullif(current_setting('provision.' || role.password || '_password', true), '');
    if hash is not null then
      execute format('alter role %I with password %L', role.name, hash);
    end if;
  end loop;

  execute format(
    'alter role gamekeeper_app with connection limit %s',
    coalesce(nullif(current_setting('provision.app_connections', true), ''), '-1')::int);
end
$$;

grant gamekeeper_search to gamekeeper_owner;
-- For core.slow_statements, which runs as the owner and tells the application of its own database only.
grant pg_read_all_stats to gamekeeper_owner;
