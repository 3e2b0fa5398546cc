"""What the app promises, by events as the hub's would be: no server, no hub."""
