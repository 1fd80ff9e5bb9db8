"""Coaching logs in Slack: the command, the shortcuts, the modal, what both sides get."""
