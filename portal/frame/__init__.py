"""What stands around a page: its edition, menu, citation, structured facts."""
