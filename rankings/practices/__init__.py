"""What works: practices, what is known of them, what was measured here, and exchange between municipalities."""
