"""What each page shows, read from the rooms below and put into parts. No rules of the field live here."""
