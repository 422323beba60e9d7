"""Files of the register, read without Django and without a database."""
