"""The API: read-only JSON for everybody, described by OpenAPI 3.1; the national data catalogue's description of us."""
