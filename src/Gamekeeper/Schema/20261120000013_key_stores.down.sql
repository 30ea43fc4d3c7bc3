drop table core.data_protection_keys;
drop table core.signing_keys;
