"""What owners are to put right in the CRM before Monday."""
