"""What search knows of a text: the same tokens whatever the script, width, case or accent it was written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.language.tokens import MOST_PARTS, MOST_TOKENS, Phrase, phrases, plain, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("上朗縣青稞開鐮", ["上朗", "朗县", "县青", "青稞", "稞开", "开镰", "镰"]),
        ("雪", ["雪"]),
        ("雪，雨", ["雪", "雨"]),
        ("5G里程", ["5g", "里程", "程"]),
        ("𠀀𠀁", ["𠀀𠀁", "𠀁"]),
        ("ＢＡＲＬＥＹ Café", ["barley", "cafe"]),
        ("editors’ stories, buses and grass", ["editor", "story", "bus", "and", "grass"]),
        ("པོ་ཏ་ལའི་ཕོ་བྲང་།", ["པོ", "ཏ", "ལ", "ཕོ", "བྲང"]),
        ("༢༠༢༦ལོ", ["2026", "ལོ"]),
        ("1,200人，1200人", ["1200", "人", "1200", "人"]),
        ("１２，３４５，６７８和1，200.50", ["12345678", "和", "1200", "50"]),
        ("༡,༢༠༠", ["1200"]),
        (
            "1,2,3; 12,34; 1,2000; 2025,2026; 1,200,30; 0,123",
            [
                "1",
                "2",
                "3",
                "12",
                "34",
                "1",
                "2000",
                "2025",
                "2026",
                "1",
                "200",
                "30",
                "0",
                "123",
            ],
        ),
        ("青\u200b稞 soft\u00adware", ["青稞", "稞", "software"]),
        (
            "women, wolves, potatoes, houses, viruses, specimens, shoes",
            ["woman", "wolf", "potato", "house", "virus", "specimen", "shoe"],
        ),
        ("ＷｉＦｉ2026年 G20 5G", ["wifi", "2026", "年", "g20", "5g"]),
        ("衞生 沿著屋簷", ["卫生", "生", "沿着", "着屋", "屋檐", "檐"]),
        ("", []),
        ("— “” 😀", []),
    ],
)
def test_a_text_becomes_tokens(text: str, found: list[str]):
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("青稞", [Phrase(("青稞",))]),
        ("雪", [Phrase(("雪",), beginning=True)]),
        ("青稞　收割機", [Phrase(("青稞",)), Phrase(("收割", "割机"))]),
        ("里程5G", [Phrase(("里程", "程", "5g"))]),
        ("約1,200人", [Phrase(("约", "1200", "人"), beginning=True)]),
        ("約1200人", [Phrase(("约", "1200", "人"), beginning=True)]),
        ("1，200", [Phrase(("1200",))]),
        ("5G雪", [Phrase(("5g", "雪"), beginning=True)]),
        ("青稞 青稞", [Phrase(("青稞",))]),
        ("པོ་ཏ་ལ།", [Phrase(("པོ", "ཏ", "ལ"), endings=("ལ", "ལར", "ལས"))]),
        ("“ — ”", []),
    ],
)
def test_what_is_sought_becomes_phrases(sought: str, found: list[Phrase]):
    assert phrases(sought) == found


def test_inline_marks_do_not_part_a_word_and_blocks_do():
    assert tokens(plain("<p>青<strong>稞</strong>開</p><p>鐮 R&amp;D</p>")) == ["青稞", "稞开", "开", "镰", "r", "d"]
    assert tokens(plain("<p>甲<br>乙</p>")) == ["甲", "乙"]


@given(st.text(max_size=300))
def test_every_token_can_be_quoted_and_parted_by_spaces(text: str):
    for token in tokens(text):
        assert token
        assert not set(token) & set(" '\"\\§\x00\n")
        assert all(letter.isalnum() or ord(letter) > 127 for letter in token)


@given(st.text(max_size=300))
def test_a_question_is_bounded(text: str):
    found = phrases(text)
    assert len(found) <= MOST_PARTS
    for phrase in found:
        assert 1 <= len(phrase.tokens) <= MOST_TOKENS


@given(st.text(alphabet="青稞開鐮上朗縣雪", min_size=1, max_size=40), st.data())
def test_every_part_of_a_run_is_found_in_it(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    (phrase,) = phrases(text[start : start + data.draw(st.integers(1, 8))])
    whole = tokens(text)
    stands = [tuple(whole[place : place + len(phrase.tokens)]) for place in range(len(whole))]
    if phrase.beginning:
        assert any(token.startswith(phrase.tokens[0]) for token in whole)
    else:
        assert phrase.tokens in stands
