"""Every write of this app: propose, assess, publish, withdraw; measure; ask, answer, follow up."""
