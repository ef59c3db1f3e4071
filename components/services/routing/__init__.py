"""How requests reach services: load balancers, routes, target groups and Service Connect."""
