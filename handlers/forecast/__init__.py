"""The Friday forecast: its message, its four steps, where it stands at Home."""
