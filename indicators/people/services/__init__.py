"""Every write of this app: who belongs where, what they are to do, and the letters about it."""
