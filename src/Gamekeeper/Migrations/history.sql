-- The history of all schemas. Made by the runner before its first migration, under its lock.
create table core.migrations (
  schema_name text not null,
  name text not null,
  kind text not null,
  phase text not null,
  checksum text,
  started_at timestamptz not null default now(),
  applied_at timestamptz,
  duration_ms bigint,
  applied_by text not null,
  progress text,
  changed bigint not null default 0,
  error text,
  constraint migrations_pkey primary key (schema_name, name),
  constraint migrations_kind_values check (kind in ('sql', 'data')),
  constraint migrations_phase_values check (phase in ('expand', 'migrate', 'contract')),
  constraint migrations_checksum_of_sql check ((checksum is not null) = (kind = 'sql')),
  constraint migrations_duration_when_applied check ((duration_ms is null) = (applied_at is null))
);

comment on table core.migrations is 'reference: what has been applied to which schema, and what has been begun';
comment on column core.migrations.schema_name is 'internal: whose migration it is';
comment on column core.migrations.name is 'internal: fourteen digits, underscore, title';
comment on column core.migrations.kind is 'internal: sql file or data function';
comment on column core.migrations.phase is 'internal: expand, migrate or contract';
comment on column core.migrations.checksum is 'internal: SHA-256 of the text that was run; null for data';
comment on column core.migrations.started_at is 'internal: when it was first begun';
comment on column core.migrations.applied_at is 'internal: when it was done; null while it is under way';
comment on column core.migrations.duration_ms is 'internal: how long its last run took';
comment on column core.migrations.applied_by is 'internal: database role and host of the runner';
comment on column core.migrations.progress is 'internal: where a started one goes on';
comment on column core.migrations.changed is 'internal: rows changed by a data migration so far';
comment on column core.migrations.error is 'internal: why it stopped last; null when nothing went wrong since';

grant select on core.migrations to gamekeeper_app, gamekeeper_readonly, gamekeeper_auditor;
