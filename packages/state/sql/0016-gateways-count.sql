-- A gateway admits its share of the limits that no customer's tag can count: it has to know how many gateways there are.
GRANT EXECUTE ON FUNCTION state.list_spools TO tollwright_gateway;
