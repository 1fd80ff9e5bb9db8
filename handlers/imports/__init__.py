"""Files of the CRM that people drop into their conversation with the bot."""
