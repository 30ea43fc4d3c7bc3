drop table core.one_time_codes;
drop table core.sign_in_failures;
drop table core.spent_refresh_tokens;
drop table core.login_sessions;
