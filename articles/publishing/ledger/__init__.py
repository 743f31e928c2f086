"""The site's ledger: every public act sealed in one chain and one Merkle tree, under signed heads.

docs/corrections.md says how an outsider checks it.
"""
