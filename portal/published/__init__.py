"""Reading what is published: the only room that asks the database for it."""
