"""Every write of this app: the hearing and its answers; remarks and rulings; flags, comments, voices, decisions."""
