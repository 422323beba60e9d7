"""The members' room: what an organisation has to do, its own figures, and what it says of them."""
