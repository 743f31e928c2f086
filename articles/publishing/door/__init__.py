"""How colleagues come in, and prove that they are themselves."""
