-- A frozen card stays where it is: it can be neither offered nor transferred nor traded.
-- Locks: access exclusive on summoners_grid.card_instances, for a moment: the columns are empty, so no row is written; the check reads
-- the table once.

-- On the card's own row: only what the locking statement itself returns is fresh after a wait, and a trade looks at no second table.
alter table summoners_grid.card_instances
  add column frozen_at timestamptz,
  add column frozen_reason varchar(50);
alter table summoners_grid.card_instances
  add constraint card_instances_frozen_with_reason check ((frozen_at is null) = (frozen_reason is null)) not valid;
alter table summoners_grid.card_instances validate constraint card_instances_frozen_with_reason;

comment on column summoners_grid.card_instances.frozen_at is 'internal: since when an operator keeps it where it is; null when it may move';
comment on column summoners_grid.card_instances.frozen_reason is 'internal: the operators'' word for why, a code and never personal text';

grant update (frozen_at, frozen_reason) on summoners_grid.card_instances to gamekeeper_app;
