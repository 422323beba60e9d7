"""Health, logs, metrics, limits, security, roles and the admin's site."""
