"""Conversion of a story of 2,000 characters between the Chinese scripts, beside OpenCC alone; ratios of one run.

    python3 -m uv run python -m benchmarks.scripts

Each is asked for in turn, and medians are reported, because machines are noisy. OpenCC alone is its own configuration,
on the plain words. The page holds the same words in paragraphs of a hundred characters, with links, marks and pictures.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable

from opencc import OpenCC

from articles.language.scripts import VERSION, convert, convert_html, doubtful, doubtful_html

ROUNDS = 60
CHARACTERS = 2_000
NAMES = 300
DIRECTIONS = [
    ("zh-Hans", "zh-Hant-TW", "s2tw"),
    ("zh-Hans", "zh-Hant-HK", "s2hk"),
    ("zh-Hant-TW", "zh-Hans", "tw2s"),
    ("zh-Hant-HK", "zh-Hans", "hk2s"),
]
PARAGRAPHS = [
    "入秋以后，县里的合作社把两千余亩青稞收进了谷仓。范主任说，今年的价格比去年高出一成，农户每斤多卖两角钱。",
    "从县城到乡里有三十里山路，班车每天只开两趟。干旱的日子里，村民要背着水桶走到河谷；去年修了蓄水池，龙头一开就有水。",
    "“以前剪个头发都要进城，”于老师笑着说，“现在村口就有理发店，还有面馆。”她的学生里，有三个考上了师范。",
    "项目总投资四百八十万元，其中中央资金占六成。县里制定了管护办法，三只水泵由专人看守，台风和暴雨天每小时报一次水位。",
    "记者采访时，老人正把晒干的草药装进布袋。他的儿子在手机制造厂上班，每周末回家；孙女的志愿是当一名医生。",
    "根据通知，复工前要对系统逐一检查，发现问题立即征求专家意见。对于个别地方的做法，主管部门表示，将于下月公布结果。",
    "湖面上有五千多只斑头雁，管护员用望远镜数了三遍。冬天它们飞到更暖的地方，只有几只留下来，躲在芦苇丛里。",
]


def story() -> list[str]:
    found: list[str] = []
    while sum(map(len, found)) < CHARACTERS:
        found.append(PARAGRAPHS[len(found) % len(PARAGRAPHS)])
    found[-1] = found[-1][: len(found[-1]) - (sum(map(len, found)) - CHARACTERS)]
    return found


def page(paragraphs: list[str], tag: str) -> str:
    """As a story's body is: a link in every other paragraph, a mark in every third, a picture now and then."""
    written = [f'<article lang="{tag}">']
    for number in range(0, len(paragraphs), 2):
        words = "".join(paragraphs[number : number + 2])
        if number % 4 == 0:
            words = f'{words[:30]}<a href="/a/{number}/">{words[30:42]}</a>{words[42:]}'
        if number % 6 == 0:
            words = f"<strong>{words[:12]}</strong>{words[12:]}"
        written.append(f"<p>{words}</p>")
        if number % 12 == 0:
            written.append(f'<figure><img src="/{number}.webp" alt="{paragraphs[number][:12]}"></figure>')
    return "".join([*written, "</article>"])


def measured(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Medians in microseconds, one call of each in turn."""
    times: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS + 3):
        turn = number % len(calls)  # who comes first, comes with cold caches
        for name, call in [*list(calls.items())[turn:], *list(calls.items())[:turn]]:
            begun = time.perf_counter()
            call()
            if number >= 3:  # the first rounds make the converters
                times[name].append((time.perf_counter() - begun) * 1_000_000)
    return {name: statistics.median(times[name]) for name in calls}


def main() -> None:
    names = tuple((f"于{number}里", f"于{number}里") for number in range(NAMES))
    rows: dict[str, list[str]] = defaultdict(list)
    for source, target, config in DIRECTIONS:
        paragraphs = story() if source == "zh-Hans" else [convert(words, "zh-Hans", source) for words in story()]
        text, html = "".join(paragraphs), page(paragraphs, source)
        alone = OpenCC(config)
        found = measured({
            "OpenCC alone": lambda alone=alone, text=text: alone.convert(text),
            "convert": lambda text=text, source=source, target=target: convert(text, source, target),
            f"convert, {NAMES} names": lambda text=text, s=source, t=target: convert(text, s, t, names),
            "convert, quotation marks": lambda text=text, s=source, t=target: convert(text, s, t, quotes=True),
            "convert_html": lambda html=html, source=source, target=target: convert_html(html, source, target),
            "doubtful": lambda text=text, source=source, target=target: doubtful(text, source, target),
            "doubtful_html": lambda html=html, source=source, target=target: doubtful_html(html, source, target),
        })  # fmt: skip
        for name, median in found.items():
            rows[name].append(f"{median / found['OpenCC alone']:.2f} ({median:.0f} µs)")
    print(f"{CHARACTERS:,} characters, {VERSION}, medians of {ROUNDS}\n")
    print("| | " + " | ".join(f"{source} → {target}" for source, target, _ in DIRECTIONS) + " |")
    print("|---" * (len(DIRECTIONS) + 1) + "|")
    for name, figures in rows.items():
        print(f"| {name} | " + " | ".join(figures) + " |")


if __name__ == "__main__":
    main()
