alter table summoners_grid.card_instances drop column frozen_reason;
alter table summoners_grid.card_instances drop column frozen_at;
