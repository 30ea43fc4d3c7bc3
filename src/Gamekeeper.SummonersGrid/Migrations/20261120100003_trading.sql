-- Trades between two players.
-- Locks: none on existing tables beyond the brief share row exclusive lock of a foreign key.

create table summoners_grid.trade_proposals (
  id uuid not null default gen_random_uuid(),
  proposer_id uuid not null,
  target_player_id uuid not null,
  offered_cards uuid[] not null,
  requested_cards uuid[] not null,
  status varchar(20) not null default 'pending',
  message text,
  expires_at timestamptz not null,
  completed_at timestamptz,
  cancellation_reason varchar(100),
  operation_id uuid,
  created_at timestamptz not null default now(),
  constraint trade_proposals_pkey primary key (id),
  constraint trade_proposals_proposer_id_fkey foreign key (proposer_id)
    references summoners_grid.users (id) on delete cascade,
  constraint trade_proposals_target_player_id_fkey foreign key (target_player_id)
    references summoners_grid.users (id) on delete cascade,
  constraint trade_proposals_operation_id_fkey foreign key (operation_id)
    references summoners_grid.ownership_operations (id) on delete restrict,
  constraint chk_different_players check (proposer_id <> target_player_id),
  constraint chk_valid_expiration check (expires_at > created_at),
  constraint trade_proposals_status_values check (status in ('pending', 'completed', 'declined', 'cancelled', 'expired')),
  constraint trade_proposals_completed_with_operation
    check ((status = 'completed') = (completed_at is not null) and (status = 'completed') = (operation_id is not null)),
  constraint trade_proposals_at_most_100_offered check (cardinality(offered_cards) <= 100),
  constraint trade_proposals_at_most_100_requested check (cardinality(requested_cards) <= 100),
  constraint trade_proposals_has_cards check (cardinality(offered_cards) + cardinality(requested_cards) >= 1),
  constraint trade_proposals_message_length check (length(message) <= 500)
);
create index idx_trade_proposals_status_expires on summoners_grid.trade_proposals (status, expires_at);
create index idx_trade_proposals_target on summoners_grid.trade_proposals (target_player_id, created_at desc, id desc);
create index idx_trade_proposals_proposer on summoners_grid.trade_proposals (proposer_id, created_at desc, id desc);
create index idx_trade_proposals_operation on summoners_grid.trade_proposals (operation_id) where operation_id is not null;
-- Counts a player's open offers, of which there is a limit.
create index idx_trade_proposals_open_by_proposer on summoners_grid.trade_proposals (proposer_id) where status = 'pending';
-- Finds the rivals of a card; only open proposals are in it.
create index idx_trade_proposals_open_cards on summoners_grid.trade_proposals
  using gin ((offered_cards || requested_cards)) with (fastupdate = off) where status = 'pending';

comment on table summoners_grid.trade_proposals is 'distributed(id): offers of cards for cards';
comment on column summoners_grid.trade_proposals.id is 'internal: the trade';
comment on column summoners_grid.trade_proposals.proposer_id is 'internal: who offers';
comment on column summoners_grid.trade_proposals.target_player_id is 'internal: who may accept';
comment on column summoners_grid.trade_proposals.offered_cards is 'internal: cards of the proposer';
comment on column summoners_grid.trade_proposals.requested_cards is 'internal: cards of the target';
comment on column summoners_grid.trade_proposals.status is 'internal: pending, completed, declined, cancelled or expired';
comment on column summoners_grid.trade_proposals.message is 'personal: what one player wrote to the other';
comment on column summoners_grid.trade_proposals.expires_at is 'internal: from then on it can no longer be accepted';
comment on column summoners_grid.trade_proposals.completed_at is 'internal: when it was accepted';
comment on column summoners_grid.trade_proposals.cancellation_reason is 'internal: why it ended without a trade';
comment on column summoners_grid.trade_proposals.operation_id is 'internal: the signed operation that moved the cards';
comment on column summoners_grid.trade_proposals.created_at is 'internal: when it was offered';

-- Arrays carry no foreign key. Whoever inserts a proposal, by whatever path, offers own cards and asks for the target's.
create function summoners_grid.check_trade_cards()
returns trigger
language plpgsql
as $$
begin
  if (select count(*) from summoners_grid.card_instances where id = any (new.offered_cards) and owner_id = new.proposer_id)
      <> cardinality(new.offered_cards)
    or (select count(*) from summoners_grid.card_instances where id = any (new.requested_cards) and owner_id = new.target_player_id)
      <> cardinality(new.requested_cards) then
    raise exception using
      errcode = '23514',
      schema = 'summoners_grid', table = 'trade_proposals', constraint = 'trade_proposals_cards_are_owned',
      message = 'every offered card belongs to the proposer and every requested one to the target, each named once';
  end if;
  return new;
end
$$;
create trigger trade_proposals_check_cards
  before insert on summoners_grid.trade_proposals
  for each row execute function summoners_grid.check_trade_cards();
create trigger trade_proposals_keep_their_key
  before update of id on summoners_grid.trade_proposals
  for each row when (old.id is distinct from new.id)
  execute function core.refuse_key_change('trade_proposals');

create trigger audit_trade_proposals_insert after insert on summoners_grid.trade_proposals
  referencing new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('trade_proposals', 'id', 'message');
create trigger audit_trade_proposals_update after update on summoners_grid.trade_proposals
  referencing old table as old_rows new table as new_rows
  for each statement execute function summoners_grid.audit_trigger('trade_proposals', 'id', 'message');
create trigger audit_trade_proposals_delete after delete on summoners_grid.trade_proposals
  referencing old table as old_rows
  for each statement execute function summoners_grid.audit_trigger('trade_proposals', 'id', 'message');

grant select, insert on summoners_grid.trade_proposals to gamekeeper_app;
-- The parties and the cards of an offer never change, only what became of it.
grant update (status, completed_at, cancellation_reason, operation_id) on summoners_grid.trade_proposals to gamekeeper_app;
grant select (id, proposer_id, target_player_id, offered_cards, requested_cards, status, expires_at, completed_at, cancellation_reason, operation_id, created_at)
  on summoners_grid.trade_proposals to gamekeeper_readonly, gamekeeper_auditor;
