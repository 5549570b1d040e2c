"""The only place that plugs parts together: settings, addresses, wiring."""
