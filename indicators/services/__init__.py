"""Every write of this app that spans more than one row."""
