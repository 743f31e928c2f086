"""Digests of public acts: the same bytes as the standard writes."""

import hypothesis
import rfc8785
from hypothesis import strategies as st

from articles.publishing import records


@hypothesis.given(st.text(st.characters(exclude_categories=["Cs"])), st.text("0123456789abcdef", max_size=64))
def test_a_salted_digest_is_over_canonical_json(text: str, salt: str):
    whole = rfc8785.dumps({"text": text, "salt": salt})
    assert records.salted(text, salt) == records.sha256(whole.decode())


def test_control_characters_are_written_as_the_standard_says():
    text = "".join(map(chr, range(0x80))) + "\u2028\u2029\U0001f600"
    assert records.salted(text, "00") == records.sha256(rfc8785.dumps({"text": text, "salt": "00"}).decode())
