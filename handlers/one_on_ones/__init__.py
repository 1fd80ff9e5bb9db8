"""One-on-ones in Slack: the card of each side, its modals, the standing schedules."""
