"""Next actions that fall due: done or not done, and what comes after."""
