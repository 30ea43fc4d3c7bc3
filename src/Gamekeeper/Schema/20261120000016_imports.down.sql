--@include imports.v1.down
drop table core.external_ids;
delete from core.one_time_codes where purpose = 'password-reset';
alter table core.one_time_codes drop constraint one_time_codes_purpose_values;
alter table core.one_time_codes add constraint one_time_codes_purpose_values check (purpose in ('operator-sign-in'));
drop trigger audit_accounts_insert on core.accounts;
create trigger audit_accounts_insert
  after insert on core.accounts
  referencing new table as new_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings');
drop trigger audit_accounts_update on core.accounts;
create trigger audit_accounts_update
  after update on core.accounts
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings');
drop trigger audit_accounts_delete on core.accounts;
create trigger audit_accounts_delete
  after delete on core.accounts
  referencing old table as old_rows
  for each statement execute function core.audit_trigger('accounts', 'id', 'email_ciphertext', 'password_hash', 'settings');
alter table core.accounts drop constraint accounts_one_password_hash;
alter table core.accounts drop column foreign_password_hash;
revoke insert (email_verified, is_active, frozen_at, frozen_reason, closed_at, created_at) on core.accounts from gamekeeper_app;
