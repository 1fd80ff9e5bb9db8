"""Setting a team up in Slack: from the first admin to the first Monday."""
