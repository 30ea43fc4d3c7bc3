-- Putting right what came of a bad event: plans, and which events a plan took back.
-- Locks: none on existing tables beyond the brief share row exclusive lock of a foreign key (ownership_history, ownership_operations).

-- A plan is written once and never changed; only what became of it is.
create table summoners_grid.compensations (
  id uuid not null default gen_random_uuid(),
  plan jsonb not null,
  plan_hash bytea not null,
  state varchar(20) not null default 'planned',
  planned_by uuid,
  planned_by_kind varchar(20) not null,
  planned_at timestamptz not null default now(),
  applied_by uuid,
  applied_by_kind varchar(20),
  applied_at timestamptz,
  reason varchar(500),
  operation_id uuid,
  constraint compensations_pkey primary key (id),
  constraint compensations_plan_hash_key unique (plan_hash),
  constraint compensations_operation_id_fkey foreign key (operation_id)
    references summoners_grid.ownership_operations (id) on delete restrict,
  constraint compensations_plan_hash_length check (length(plan_hash) = 32),
  constraint compensations_states check (state in ('planned', 'applied')),
  constraint compensations_applied_by_someone check (
    (state = 'applied') = (applied_at is not null)
    and (state = 'applied') = (applied_by_kind is not null)
    and (state = 'applied') = (reason is not null)
    and (state = 'applied' or (applied_by is null and operation_id is null)))
);
create index idx_compensations_operation on summoners_grid.compensations (operation_id) where operation_id is not null;

comment on table summoners_grid.compensations is 'distributed(id): plans that put right what came of a bad event';
comment on column summoners_grid.compensations.id is 'internal: the plan';
comment on column summoners_grid.compensations.plan is 'internal: where it starts and what becomes of each card; ids and numbers only';
comment on column summoners_grid.compensations.plan_hash is 'internal: SHA-256 of the plan in canonical JSON; the same world gives the same plan once';
comment on column summoners_grid.compensations.state is 'internal: planned or applied';
comment on column summoners_grid.compensations.planned_by is 'internal: opaque id of who asked for it; null for the system';
comment on column summoners_grid.compensations.planned_by_kind is 'internal: service, operator or system';
comment on column summoners_grid.compensations.planned_at is 'internal: when it was made';
comment on column summoners_grid.compensations.applied_by is 'internal: opaque id of who applied it; null for the system';
comment on column summoners_grid.compensations.applied_by_kind is 'internal: service, operator or system';
comment on column summoners_grid.compensations.applied_at is 'internal: when its cards moved';
comment on column summoners_grid.compensations.reason is 'personal: why, in the words of who applied it; may name somebody';
comment on column summoners_grid.compensations.operation_id is 'internal: the signed operation that moved the cards; null when none had to move';

create trigger compensations_keep_their_key
  before update of id on summoners_grid.compensations
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('compensations');
create trigger audit_compensations_insert after insert on summoners_grid.compensations
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('compensations', 'id', 'reason');
create trigger audit_compensations_update after update on summoners_grid.compensations
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('compensations', 'id', 'reason');
create trigger audit_compensations_delete after delete on summoners_grid.compensations
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('compensations', 'id', 'reason');

-- Events that no longer count for lineage: those that were taken back, and those that took them back. Each at most once.
create table summoners_grid.compensated_events (
  event_id uuid not null,
  compensation_id uuid not null,
  constraint compensated_events_pkey primary key (event_id),
  constraint compensated_events_event_id_fkey foreign key (event_id)
    references summoners_grid.ownership_history (id) on delete cascade,
  constraint compensated_events_compensation_id_fkey foreign key (compensation_id)
    references summoners_grid.compensations (id) on delete restrict
);
create index idx_compensated_events_compensation on summoners_grid.compensated_events (compensation_id);

comment on table summoners_grid.compensated_events is 'distributed(event_id): ownership events that a compensation took back or made';
comment on column summoners_grid.compensated_events.event_id is 'internal: the event';
comment on column summoners_grid.compensated_events.compensation_id is 'internal: which compensation';

create trigger audit_compensated_events_insert after insert on summoners_grid.compensated_events
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('compensated_events', 'event_id');
create trigger audit_compensated_events_update after update on summoners_grid.compensated_events
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('compensated_events', 'event_id');
create trigger audit_compensated_events_delete after delete on summoners_grid.compensated_events
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('compensated_events', 'event_id');

grant select, insert on summoners_grid.compensations, summoners_grid.compensated_events to gamekeeper_app;
-- What was planned stays as it was shown.
grant update (state, applied_by, applied_by_kind, applied_at, reason, operation_id) on summoners_grid.compensations to gamekeeper_app;
grant select (id, plan, plan_hash, state, planned_by, planned_by_kind, planned_at, applied_by, applied_by_kind, applied_at, operation_id)
  on summoners_grid.compensations to gamekeeper_readonly;
grant select on summoners_grid.compensations to gamekeeper_auditor;
grant select on summoners_grid.compensated_events to gamekeeper_readonly, gamekeeper_auditor;
