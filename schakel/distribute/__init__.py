"""Who receives what, today? Products, scoping, small groups, deliveries: the one way data leaves."""
