"""What drives a person: their own profile, and what the coach may read of it."""
