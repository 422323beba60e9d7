"""Rankings as table, map and distribution."""
