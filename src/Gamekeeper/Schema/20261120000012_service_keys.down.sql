drop table core.service_keys;
