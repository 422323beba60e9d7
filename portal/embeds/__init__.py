"""What others show of us: embeds and pictures."""
