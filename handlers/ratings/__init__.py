"""What the coached think of their one-on-ones: one click, and a comment if they like."""
