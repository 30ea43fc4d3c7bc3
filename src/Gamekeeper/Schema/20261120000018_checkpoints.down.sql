drop table core.checkpoints;
