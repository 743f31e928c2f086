"""Two people's changes to one text, made into one: nothing that either wrote is lost."""

from hypothesis import given
from hypothesis import strategies as st

from articles.language import markup
from articles.language.merging import Conflict, Merged, merge_body, merge_line, merge_list

LINES = st.text(alphabet="青稞開鐮了。ab 1", max_size=12)
WORDS = st.text(alphabet="青稞開鐮了，收成好。ab 1", min_size=1, max_size=10)


def written(parts: list[tuple[str, str]]) -> str:
    """Blocks as clean HTML; an item stands in a list of its own."""
    return markup.clean("".join(
        f"<ul><li><p>{text}</p></li></ul>" if tag == "li" else f"<{tag}>{text}</{tag}>" for tag, text in parts
    ))  # fmt: skip


PARAGRAPHS = st.lists(st.tuples(st.sampled_from(["p", "h2", "li"]), WORDS), max_size=4).map(written)


def everything(merged: Merged) -> str:
    return merged.text + "".join(one.mine + one.theirs for one in merged.conflicts)


@given(LINES, LINES)
def test_what_only_one_side_changed_is_taken_over_whole(base: str, other: str):
    assert merge_line(base, other, base) == merge_line(base, base, other) == Merged(other)
    assert merge_line(base, other, other) == Merged(other)


@given(PARAGRAPHS, PARAGRAPHS)
def test_of_bodies_too(base: str, other: str):
    assert merge_body(base, other, base) == merge_body(base, base, other) == Merged(other)
    assert merge_body(base, other, other) == Merged(other)


@given(st.lists(st.integers(0, 9), unique=True), st.data())
def test_each_sides_own_sentences_are_all_there(places: list[int], data: st.DataObject):
    """Edits in different paragraphs never meet, whichever paragraphs they are."""
    base = [f"第{number}段的文字在這裡。" for number in range(10)]
    mine, theirs = list(base), list(base)
    for place in places:
        side = data.draw(st.sampled_from([mine, theirs]))
        side[place] = f"{base[place]}又加一句。" if place % 2 else base[place].replace("文字", "內容")
    merged = merge_body(*("".join(f"<p>{text}</p>" for text in texts) for texts in (base, mine, theirs)))
    assert not merged.conflicts
    for side in (mine, theirs):
        assert all(text in merged.text for text, was in zip(side, base, strict=True) if text != was)
    assert merged.text.count("<p>") == 10


@given(LINES, st.integers(0, 12), st.integers(0, 12))
def test_what_either_side_puts_in_stands_in_the_result_or_in_a_conflict(base: str, here: int, there: int):
    mine, theirs = base[:here] + "甲乙" + base[here:], base[:there] + "丙丁" + base[there:]
    merged = merge_line(base, mine, theirs)
    for letter in "甲乙丙丁":
        assert letter in everything(merged)
    assert all(letter in merged.text for letter in "甲乙丙丁")  # without a pick, both stand


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_no_word_of_either_body_is_dropped_unseen(base: str, mine: str, theirs: str):
    merged = merge_body(base, mine, theirs)
    was, seen = markup.text_of(base), markup.text_of(everything(merged))
    for side in (mine, theirs):
        new = set(markup.text_of(side)) - set(was) - {" "}
        assert new <= set(seen)
    assert markup.clean(merged.text) == merged.text


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS, st.lists(st.sampled_from(["mine", "theirs", "both", "?"]), max_size=6))
def test_picks_leave_the_conflicts_as_they_are(base: str, mine: str, theirs: str, picks: list[str]):
    assert merge_body(base, mine, theirs, picks).conflicts == merge_body(base, mine, theirs).conflicts


def test_changes_in_one_paragraph_that_do_not_touch_are_both_taken():
    base = "<p>上朗縣的青稞開鐮了，比去年多兩成。</p>"
    mine = "<p>上朗縣的青稞<strong>昨天</strong>開鐮了，比去年多兩成。</p>"
    theirs = "<p>上朗縣的青稞開鐮了，比去年多三成。</p>"
    assert merge_body(base, mine, theirs) == Merged(
        "<p>上朗縣的青稞<strong>昨天</strong>開鐮了，比去年多三成。</p>", []
    )


def test_a_new_paragraph_beside_a_changed_one_is_no_conflict():
    base = "<p>上朗縣的青稞開鐮了。</p><p>天氣很好。</p>"
    mine = "<p>上朗縣的青稞昨天開鐮了。</p><p>天氣很好。</p>"
    theirs = "<p>上朗縣的青稞開鐮了。</p><p>收割機來了三台。</p><p>天氣很好。</p>"
    merged = merge_body(base, mine, theirs)
    assert merged == Merged("<p>上朗縣的青稞昨天開鐮了。</p><p>收割機來了三台。</p><p>天氣很好。</p>", [])


class TestAPlaceThatBothChanged:
    BASE, MINE, THEIRS = "青稞今天開鐮", "青稞昨天開鐮", "青稞明天開鐮"

    def test_holds_both_until_somebody_chooses(self):
        merged = merge_line(self.BASE, self.MINE, self.THEIRS)
        assert merged.text == "青稞昨明天開鐮"
        assert merged.conflicts == [Conflict("今", "昨", "明", before="青稞", after="天開鐮")]

    def test_is_what_was_picked(self):
        assert merge_line(self.BASE, self.MINE, self.THEIRS, ["mine"]).text == self.MINE
        assert merge_line(self.BASE, self.MINE, self.THEIRS, ["theirs"]).text == self.THEIRS

    def test_may_be_a_paragraph_that_one_took_out(self):
        base, mine = "<p>第一段的文字。</p><p>第二段的文字。</p>", "<p>第一段的文字。</p>"
        theirs = "<p>第一段的文字。</p><p>第二段的文字改了。</p>"
        merged = merge_body(base, mine, theirs)
        assert merged.text == theirs
        assert merged.conflicts == [Conflict("<p>第二段的文字。</p>", "", "<p>第二段的文字改了。</p>")]
        assert merge_body(base, mine, theirs, ["mine"]).text == mine

    def test_may_be_two_new_paragraphs_at_one_place(self):
        merged = merge_body("<p>甲。</p>", "<p>甲。</p><p>我加的一段話。</p>", "<p>甲。</p><p>她寫的另外一句。</p>")
        assert merged.text == "<p>甲。</p><p>我加的一段話。</p><p>她寫的另外一句。</p>"
        assert len(merged.conflicts) == 1

    def test_is_a_table_as_a_whole(self):
        base, mine, theirs = (f"<table><tbody><tr><td><p>{one}</p></td></tr></tbody></table>" for one in "甲乙丙")
        assert merge_body(base, mine, theirs, ["theirs"]).text == theirs
        assert merge_body(base, mine, theirs).text == mine + theirs


def test_lists_are_merged_item_by_item():
    base = "<ul><li><p>青稞的價錢</p></li><li><p>小麥的價錢</p></li></ul>"
    mine, theirs = base.replace("青稞的", "青稞今年的"), base.replace("小麥的", "小麥今年的")
    assert merge_body(base, mine, theirs).text == base.replace("的價錢", "今年的價錢")


def test_tags_of_both_are_kept_and_what_one_took_out_stays_out():
    assert merge_list(["甲", "乙"], ["甲", "乙", "丙"], ["丁", "甲"]) == ["甲", "丙", "丁"]
    assert merge_list(["甲", "乙"], ["乙", "甲"], ["甲", "乙"]) == ["乙", "甲"]
