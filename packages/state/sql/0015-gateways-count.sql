-- Gateways count each other: limits that no customer's tag can count are shared between the processes that are there.
GRANT EXECUTE ON FUNCTION state.list_spools TO tollwright_gateway;
