drop table core.email_hashes;
drop table core.account_keys;
drop view core.public_accounts;
drop table core.accounts;
drop function core.refuse_own_privileges();
