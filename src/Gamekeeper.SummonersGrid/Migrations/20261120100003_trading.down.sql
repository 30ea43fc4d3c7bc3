drop table summoners_grid.trade_proposals;
drop function summoners_grid.check_trade_cards();
