"""`/cadence`: what there is to do here, one button each."""
