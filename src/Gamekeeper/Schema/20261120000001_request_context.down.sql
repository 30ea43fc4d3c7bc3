drop function core.refuse_key_change();
drop function core.refuse_change();
drop function core.expect(bigint, bigint, text);
drop function core.update_updated_at();
drop function core.is_trusted();
drop function core.current_request();
drop function core.current_actor_kind();
drop function core.current_actor();
drop function core.set_actor(uuid, text, uuid);
