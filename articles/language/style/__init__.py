"""The house style: what a desk's own rules find in a text. check.py begins; every other file holds one kind of rule."""
