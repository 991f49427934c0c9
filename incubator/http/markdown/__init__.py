"""Markdown to clean HTML, in a child process that can be killed (docs/adr/0010)."""
