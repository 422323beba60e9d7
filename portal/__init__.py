"""The site: the only package with public addresses and pages."""
