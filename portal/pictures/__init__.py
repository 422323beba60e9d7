"""Pictures made on the server: SVG with everything burned in, and PNG of the same."""
