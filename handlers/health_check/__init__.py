"""Monday's health check: the channel's summary, the list of flags, the coverage conversations."""
