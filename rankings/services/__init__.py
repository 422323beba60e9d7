"""Every write of this app: prepare, compute, publish, correct; press links; followers."""
