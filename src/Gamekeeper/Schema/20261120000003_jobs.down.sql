drop table core.job_runs;
drop table core.jobs;
drop function core.purge_outbox(text, interval, interval, int);
