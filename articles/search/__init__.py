"""How working copies are found: `indexing` writes what each can be found by, `query` asks it."""
