"""Prints: what a university puts on paper, as PDF/A set by typst, and as DOCX where people go on writing."""
