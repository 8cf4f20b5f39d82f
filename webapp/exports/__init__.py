"""What is found, as files to take away."""
