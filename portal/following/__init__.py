"""Letters to those who follow: the first one that asks again, and those about what is new."""
