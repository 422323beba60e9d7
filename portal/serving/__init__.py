"""How an answer leaves: finished pages, their store, the release and what it holds, replicas, files."""
