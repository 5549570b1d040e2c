"""How is each kind of source read? One file per kind; the core finds them by entry point and names none."""
