"""Calendars behind iCal addresses: fetched, read apart, and written down.

Rooms: `fetching` · `found` · `lines` and `reading` (a calendar file's meaning) · `apart` (reading
in a process of its own) · `watching` (which calendar, when).
"""
