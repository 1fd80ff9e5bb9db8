"""The morning digest: what a person has until the next working day, and what waits."""
