"""The app's Home: what waits for a person, what is open, what can be started."""
