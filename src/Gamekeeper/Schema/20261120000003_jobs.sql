-- Periodic work: what is due, who runs it, and how it went.
-- Locks: none on existing tables; everything here is new.

create table core.jobs (
  name text not null,
  schema_name text not null,
  purpose text not null,
  next_run_at timestamptz not null,
  failures int not null default 0,
  fence bigint not null default 0,
  lease_node text,
  lease_until timestamptz,
  registered_at timestamptz not null default now(),
  constraint jobs_pkey primary key (name),
  constraint jobs_failures_not_negative check (failures >= 0),
  constraint jobs_lease_whole check ((lease_node is null) = (lease_until is null))
);
create index idx_jobs_next_run on core.jobs (next_run_at);

comment on table core.jobs is 'local: one row a periodic job, with the lease of whoever runs it';
comment on column core.jobs.name is 'internal: the job';
comment on column core.jobs.schema_name is 'internal: whose job it is';
comment on column core.jobs.purpose is 'internal: one sentence for the person on call';
comment on column core.jobs.next_run_at is 'internal: when it is due';
comment on column core.jobs.failures is 'internal: failures since it last went well';
comment on column core.jobs.fence is 'internal: grows with every claim; a runner whose number is older has lost the job';
comment on column core.jobs.lease_node is 'internal: who runs it; null while nobody does';
comment on column core.jobs.lease_until is 'internal: when the runner is taken for dead unless it renews';
comment on column core.jobs.registered_at is 'internal: when it was first seen';

create table core.job_runs (
  id bigint generated always as identity,
  job_name text not null,
  fence bigint not null,
  node text not null,
  is_manual boolean not null,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text,
  said text,
  error text,
  constraint job_runs_pkey primary key (id),
  constraint job_runs_job_fkey foreign key (job_name) references core.jobs (name) on delete cascade,
  constraint job_runs_fence_once unique (job_name, fence),
  constraint job_runs_outcome_values check (outcome in ('succeeded', 'failed', 'lost')),
  constraint job_runs_ended_with_outcome check ((ended_at is null) = (outcome is null))
);
create index idx_job_runs_job on core.job_runs (job_name, started_at desc);
create index idx_job_runs_started on core.job_runs (started_at);

comment on table core.job_runs is 'local: history of periodic work';
comment on column core.job_runs.id is 'internal: order of starting';
comment on column core.job_runs.job_name is 'internal: the job';
comment on column core.job_runs.fence is 'internal: the claim it ran under';
comment on column core.job_runs.node is 'internal: who ran it';
comment on column core.job_runs.is_manual is 'internal: started by a person, not by the clock';
comment on column core.job_runs.started_at is 'internal: when it began';
comment on column core.job_runs.ended_at is 'internal: when it ended; null while it runs';
comment on column core.job_runs.outcome is 'internal: succeeded, failed, or lost when its lease ran out';
comment on column core.job_runs.said is 'internal: what it says it did';
comment on column core.job_runs.error is 'internal: why it failed';

grant select, insert, update on core.jobs to gamekeeper_app;
grant select, insert, update, delete on core.job_runs to gamekeeper_app;
grant select on core.jobs, core.job_runs to gamekeeper_readonly, gamekeeper_auditor;

-- Deletes events that were told long ago, one bite at a time; rows that somebody holds are left for the next bite. Runs with the rights of
-- the caller, who may delete from outboxes anyway; it is a function only because the schema is a value here and not a constant.
-- Delivered events go after a while; undelivered ones only where a time is given for them too.
create function core.purge_outbox(in_schema text, keep interval, keep_undelivered interval, bite int)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  deleted bigint;
begin
  execute format(
    'delete from %1$I.outbox where id in (
       select id from (
         select id from %1$I.outbox where delivered_at < now() - $1 order by delivered_at limit $3 for update skip locked) delivered
       union all
       select id from (
         select id from %1$I.outbox where delivered_at is null and created_at < now() - $2 order by id limit $3 for update skip locked) waiting)',
    in_schema)
  using keep, keep_undelivered, bite;
  get diagnostics deleted = row_count;
  return deleted;
end
$$;
grant execute on function core.purge_outbox(text, interval, interval, int) to gamekeeper_app;
