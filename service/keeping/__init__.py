"""Keeping the organisation: units, posts, people, councils, absences, each change by whom and with what was before."""
