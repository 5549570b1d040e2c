"""Pages for people, in plain words. No logic: every page calls the functions of the rooms below."""
