"""Search, and what search engines and programs are told."""
