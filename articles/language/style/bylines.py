"""Where a line says who wrote and who took the pictures: there a space parts a name from a name."""

from collections.abc import Iterator

from articles.language.late import late
from articles.language.style.text import HAN

_ROLES = (  # may begin or end a word: 本报记者, 記者王小明
    "记者|記者|通讯员|通訊員|特派员|特派員|评论员|評論員|实习生|實習生|摄影|攝影|报道|報導|報道|编辑|編輯|主编|主編|责编|責編"
    "|编译|編譯|撰文|撰稿|供稿|供图|供圖|校对|校對|审校|審校"
)
_LABELS = (  # stand alone, or before a colon or stroke
    "作者|题|題|来源|來源|翻译|翻譯|制图|製圖|绘图|繪圖|监制|監製|总策划|總策劃|策划|策劃|统筹|統籌|整理|综合|綜合|剪辑|剪輯|视频|視頻|影片"
    "|美编|美編|图片|圖片|文字|审核|審核|制作|製作|设计|設計|出品|航拍|图文|圖文|文|图|圖|摄|攝|影|编|編|译|譯"
)
_SEPARATOR = "[／/｜|：:＋+、&]"
_NAME = late(
    rf"[{HAN}]{{2,4}}|[{HAN}]+(?:[·・‧•][{HAN}A-Za-z]+)+|[A-Za-z][A-Za-z.'’-]*|[0-9]{{2,4}}年[0-9]{{1,2}}月[0-9]{{1,2}}日"
)
_CREDIT = late(
    rf"(?:[{HAN}0-9]{{0,16}}|[A-Za-z]+)(?:{_ROLES})"
    rf"|(?:{_ROLES})[{HAN}·]{{2,4}}"
    rf"|(?:[{HAN}]{{0,8}}(?:{_ROLES})|(?:图片|圖片)?(?:{_LABELS}))"
    rf"(?:{_SEPARATOR}(?:{_ROLES}|{_LABELS}))*(?:{_SEPARATOR}.{{0,12}})?"
    rf"|[{HAN}·]{{2,16}}(?:[摄攝]|{_SEPARATOR}(?:[{HAN}]{{0,8}}(?:{_ROLES})|{_LABELS}))"
    rf"|[{HAN}0-9]{{0,16}}[日報报][电電讯訊]"
)
_ANY_CREDIT = late(rf"{_ROLES}|(?<![{HAN}])(?:{_LABELS})(?![{HAN}])|(?:[摄攝]|提供|[日報报] ?[电電讯訊])(?![{HAN}])")
_BRACKETED = late(r"[（(【〔［\[][^（(【〔［\[）)】〕］\]，。；！？\n]{2,80}[）)】〕］\]]")
_STRETCH = late(r"[^，。、；！？…「」『』“”《》（）()【】〔〕\n]+")
_WORD = late(r"[^ \u3000\u00a0]+")


def spaces(seen: str) -> set[int]:
    """The places of the spaces that part names and callings from each other."""
    if not _ANY_CREDIT.search(seen):
        return set()
    found: set[int] = set()
    for bracket in _BRACKETED.finditer(seen):
        if _ANY_CREDIT.search(bracket[0]):
            found.update(range(*bracket.span()))
    for stretch in _STRETCH.finditer(seen):
        if _ANY_CREDIT.search(stretch[0]):
            for start, end in _rows(seen, *stretch.span()):
                found.update(range(start, end))
    return found


def _rows(seen: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Words that are callings or names, where at least one of those in a row is a calling. What is nothing else up to
    the end of its line is parted from the sentence before it."""
    row: list[tuple[int, int]] = []
    credited, whole = False, True
    for word in [*_WORD.finditer(seen, start, end), None]:
        credit = bool(word and _CREDIT.fullmatch(word[0]))
        if word and (credit or _NAME.fullmatch(word[0])):
            row.append(word.span())
            credited = credited or credit
            continue
        if credited:
            last = word is None and seen[end : end + 1] in {"", "\n"}
            yield start if whole and last else row[0][0], row[-1][1]
        row, credited, whole = [], False, False
