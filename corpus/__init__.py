"""What was published, kept as published."""
