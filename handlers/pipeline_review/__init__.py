"""The pipeline review in Slack: command, cards, modals, closing card."""
