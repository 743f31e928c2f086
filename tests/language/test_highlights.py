"""What was sought is marked where it stands, in the letters that readers see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.language.highlights import marked, passage
from articles.language.tokens import folded, folded_with_places, phrases, placed, tokens, tokens_and_helpers


def found(text: str, sought: str) -> list[str]:
    return [piece.text for piece in marked(text, phrases(sought)) if piece.marked]


@pytest.mark.parametrize(
    ("text", "sought", "stands"),
    [
        ("上朗縣青稞開鐮", "青稞", ["青稞"]),
        ("上朗縣青稞開鐮", "开镰 上朗", ["上朗", "開鐮"]),
        ("青稞、青稞與青稞酒", "青稞", ["青稞", "青稞", "青稞"]),
        ("雪，雨雪", "雪", ["雪", "雪"]),
        ("青稞酒", "青稞酒 稞酒", ["青稞酒"]),
        ("於小梅與于小梅", "于小梅", ["於小梅", "于小梅"]),
        ("ＢＡＲＬＥＹ and Café", "barley CAFE", ["ＢＡＲＬＥＹ", "Café"]),
        ("Cafe\u0301s", "café", ["Cafe\u0301s"]),
        ("ﬁelds", "field", ["ﬁelds"]),
        ("Two stories", "story", ["stories"]),
        ("共1,200人、１，２００袋", "1200", ["1,200", "１，２００"]),
        ("2026年與2025年", "2026年", ["2026年"]),
        ("牧場5G里程碑", "5G里", ["5G里"]),
        ("青\u00ad稞", "青稞", ["青\u00ad稞"]),
        ("ཁོང་ཚོ་པོ་ཏ་ལར་ཕྱིན", "པོ་ཏ་ལའི", ["པོ་ཏ་ལར"]),
        ("དགའི་སྐད", "དགའ", ["དགའི"]),
        ("㍿青稞", "青稞", ["青稞"]),
        ("𠀀𠀁𠀂", "𠀁𠀂", ["𠀁𠀂"]),
        ("中学生", "学校", []),
        ("乾隆藉口", "乾 藉", ["乾", "藉"]),
        ("Field mice ran", "mice", ["mice"]),
        ("", "青稞", []),
        ("青稞", "——", []),
    ],
)
def test_it_is_marked(text: str, sought: str, stands: list[str]):
    assert found(text, sought) == stands
    assert "".join(piece.text for piece in marked(text, phrases(sought))) == text


def test_a_passage_is_short_and_cut_where_a_text_may_be_cut():
    far = "Weavers told unsnowploughable stories in the barn, again and again. " * 9
    pieces = passage([far + "A yak came by. " + far], phrases("yak"))
    said = "".join(piece.text for piece in pieces)
    assert said.startswith("…")
    assert said.endswith("…")
    assert len(said) < 260
    whole = {word.strip(".,") for word in far.split()} | {"A", "yak", "came", "by"}
    assert {word.strip("….,") for word in said.split()} <= whole


def test_the_block_that_holds_most_goes_before_the_first():
    assert (
        "".join(piece.text for piece in passage(["青稞。", "收割機與青稞。"], phrases("青稞 收割機")))
        == "收割機與青稞。"
    )
    assert passage(["甲", "乙"], phrases("青稞")) == []


TEXT = st.text(alphabet="青稞開鐮上朗縣雪 ，1,200aé\u0301ﬁＢ་ཀལའི།\u00ad𠀀\ud800\x00", max_size=80) | st.text(
    max_size=80
)


@given(TEXT, TEXT)
def test_whatever_is_sought_in_whatever_text_no_letter_is_lost(text: str, sought: str):
    assert "".join(piece.text for piece in marked(text, phrases(sought))) == text
    said = "".join(piece.text for piece in passage([text], phrases(sought))).strip("…")
    assert said in " ".join(text.split()) or said.strip("…") in text


@given(TEXT)
def test_letters_folded_one_by_one_know_their_places(text: str):
    whole, starts, ends = folded_with_places(text)
    assert len(whole) == len(starts) == len(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
    assert starts == sorted(starts)


@given(st.text(alphabet="青稞開鐮上朗縣雪 ，1,200aBzé་ཀལའི།𠀀", max_size=80))
def test_tokens_with_their_places_are_the_tokens(text: str):
    whole, _, _ = folded_with_places(text)
    assert whole == folded(text)
    assert [one.token for one in placed(whole)] == tokens(text) == tokens_and_helpers(text)[0]
    assert all(whole[one.start : one.end].startswith(one.token[:1]) for one in placed(whole))
