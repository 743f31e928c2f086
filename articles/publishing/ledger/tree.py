"""The Merkle tree of RFC 9162, section 2.1: pure functions over digests.

A tree that only grows is kept as its `edge`: the roots of its complete subtrees, from the left, the largest first.
Appending and asking for the root cost as many hashes as the tree is high.
"""

import hashlib
from collections.abc import Sequence

Edge = list[bytes]


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(edge: Sequence[bytes], size: int, data: bytes) -> Edge:
    """The edge of the tree of `size` leaves with one leaf more."""
    grown, last = list(edge), leaf(data)
    while size & 1:  # as many complete subtrees join as the size has trailing ones
        last = node(grown.pop(), last)
        size >>= 1
    return [*grown, last]


def root(edge: Sequence[bytes]) -> bytes:
    """The root of the tree with this edge; of the empty tree, the digest of nothing."""
    if not edge:
        return hashlib.sha256(b"").digest()
    top = edge[-1]
    for left in reversed(edge[:-1]):
        top = node(left, top)
    return top
