"""The desk: where the office prepares, publishes and corrects editions."""
