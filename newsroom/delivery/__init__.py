"""How public pages are answered. Knows nothing of news."""
