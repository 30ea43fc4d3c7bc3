-- The imports of {schema}: how far each got and what it refused, written in the transactions that do the work. Never changed, only followed by a v2.

-- How far an import got, written with what it did: one that is started again goes on after the last line that counts.
create table {schema}.imports (
  kind text not null,
  name text not null,
  file_hash bytea not null,
  chunk_lines int not null,
  lines bigint not null default 0,
  taken bigint not null default 0,
  refused bigint not null default 0,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint imports_pkey primary key (kind, name),
  constraint imports_kind_format check (kind ~ '^[a-z_.]{1,100}$'),
  constraint imports_name_format check (name ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  constraint imports_hash_length check (length(file_hash) = 32),
  constraint imports_chunk_lines_range check (chunk_lines between 1 and 10000),
  constraint imports_counts check (taken >= 0 and refused >= 0 and taken + refused <= lines)
);

comment on table {schema}.imports is 'local: one row an import: which file, and how far it got';
comment on column {schema}.imports.kind is 'internal: what is imported, such as summoners_grid.players';
comment on column {schema}.imports.name is 'internal: the operator''s label; never the file''s own name';
comment on column {schema}.imports.file_hash is 'internal: SHA-256 of the file, so that another one under this label is refused';
comment on column {schema}.imports.chunk_lines is 'internal: lines of one transaction';
comment on column {schema}.imports.lines is 'internal: lines that are done';
comment on column {schema}.imports.taken is 'internal: records that were imported';
comment on column {schema}.imports.refused is 'internal: records that were refused';
comment on column {schema}.imports.started_at is 'internal: first start';
comment on column {schema}.imports.updated_at is 'internal: last progress';
comment on column {schema}.imports.finished_at is 'internal: when its last line was done; null before';

create trigger update_imports_updated_at
  before update on {schema}.imports
  for each row execute function core.update_updated_at();
create trigger imports_key_never_changes
  before update on {schema}.imports
  for each row when (old.kind is distinct from new.kind or old.name is distinct from new.name)
  execute function core.refuse_key_change('imports');
create trigger audit_imports_insert
  after insert on {schema}.imports
  referencing new table as new_rows
  for each statement execute function {schema}.audit_trigger('imports', 'name');
create trigger audit_imports_update
  after update on {schema}.imports
  referencing old table as old_rows new table as new_rows
  for each statement execute function {schema}.audit_trigger('imports', 'name');
create trigger audit_imports_delete
  after delete on {schema}.imports
  referencing old table as old_rows
  for each statement execute function {schema}.audit_trigger('imports', 'name');

-- Records that were refused: where, which member, why, and what its value looked like; never the value.
create table {schema}.import_refusals (
  kind text not null,
  name text not null,
  line bigint not null,
  position int not null,
  member varchar(100),
  problem varchar(1000) not null,
  shape varchar(100),
  constraint import_refusals_pkey primary key (kind, name, line, position),
  constraint import_refusals_import_fkey foreign key (kind, name) references {schema}.imports (kind, name) on delete cascade,
  constraint import_refusals_line_positive check (line >= 1),
  constraint import_refusals_position_positive check (position >= 1)
);

comment on table {schema}.import_refusals is 'local: refused records of imports, without their values';
comment on column {schema}.import_refusals.kind is 'internal: the import';
comment on column {schema}.import_refusals.name is 'internal: the import';
comment on column {schema}.import_refusals.line is 'internal: line of the file, from 1';
comment on column {schema}.import_refusals.position is 'internal: first, second, … problem of the line';
comment on column {schema}.import_refusals.member is 'internal: the member; null for the record itself';
comment on column {schema}.import_refusals.problem is 'internal: what is wrong and what is possible';
comment on column {schema}.import_refusals.shape is 'internal: kind and length of the value; null when there is none';

grant select, insert on {schema}.imports, {schema}.import_refusals to gamekeeper_app;
grant update (lines, taken, refused, finished_at) on {schema}.imports to gamekeeper_app;
grant select on {schema}.imports, {schema}.import_refusals to gamekeeper_readonly, gamekeeper_auditor;
