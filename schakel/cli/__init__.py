"""One file per verb; each is loaded only when it is called, so that `check` starts without a web framework."""
