"""Every write of this app: forms, waves, what administrations and members answer, and what it becomes."""
