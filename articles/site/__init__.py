"""What readers see. Reads editions and the rows written with them, never a working copy (but for preview.py)."""
