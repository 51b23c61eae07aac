"""<% name %>: keeps items."""
