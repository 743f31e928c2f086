"""Words for stories: every text is put together of pieces from one pool, so that what follows from a piece (tokens, its
form in the other script) need be asked once. No two stories have the same text: each says its number."""

import random

CHARACTERS = (
    "高原青稞湖邊公路天氣學校圖書館早市騎行博物館氣象站牧場溫室木碗石橋水位班車收成田裡今年去年每天上午下午三個五輛十里"
)
ENGLISH = """barley river road school bridge market morning snow lake valley teacher harvest bus stone museum water
price village repair open winter letter grain children weather record council visit"""
TIBETAN = "བོད་ལྗོངས་ཀྱི་སློབ་གྲྭ་གསར་པ་ཆུ་མཚོ་རི་བོ་ལམ་ཁ་བ་ལོ་ཏོག་ནས་ཞིང་པ་དགེ་རྒན་གྲོང་ཚོ་ཉིན་མོ་ཁྲོམ་ར"
PIECE = 100  # characters of a paragraph
PIECES = 5_000  # of Chinese; any three of them make 125,000,000,000 bodies
OTHER_PIECES = 2_000
SHORT, LONG, EVERY_LONG = 300, 2000, 50  # characters of a body; every fiftieth is a long one


class Texts:
    """The same in every process."""

    def __init__(self) -> None:
        chance = random.Random(7)
        self.words = "".join(chance.choices(CHARACTERS, k=100_000))
        self.pieces = {
            "zh-Hant": [self._paragraph(chance) for _ in range(PIECES)],
            "en": [" ".join(chance.choices(ENGLISH.split(), k=PIECE // 4)) for _ in range(OTHER_PIECES)],
            "bo": ["་".join(chance.choices(TIBETAN.split("་"), k=PIECE // 2)) + "།" for _ in range(OTHER_PIECES)],
        }

    def headline(self, chance: random.Random, language: str) -> str:
        if language == "zh-Hant":
            return self._line(chance, 18)
        return self._line_of(chance, language, 6)

    def standfirst(self, chance: random.Random, language: str, number: int) -> str:
        line = self._line(chance, 30) if language == "zh-Hant" else self._line_of(chance, language, 9)
        return f"{line} {number}"

    def paragraphs(self, chance: random.Random, language: str, number: int) -> list[str]:
        length = LONG if is_long(number) else SHORT
        return [chance.choice(self.pieces[language]) for _ in range(0, length, PIECE)]

    def _paragraph(self, chance: random.Random) -> str:
        """With as many marks as there are in the stories of the demonstration: every fifth or sixth sign is one."""
        made = ""
        while len(made) < PIECE - 1:
            made += self._line(chance, min(chance.randint(2, 7), PIECE - 1 - len(made))) + "，"
        return made[: PIECE - 1].rstrip("，") + "。"

    def _line(self, chance: random.Random, length: int) -> str:
        start = chance.randrange(len(self.words) - length)
        return self.words[start : start + length]

    def _line_of(self, chance: random.Random, language: str, words: int) -> str:
        if language == "en":
            return " ".join(chance.choices(ENGLISH.split(), k=words))
        return "་".join(chance.choices(TIBETAN.split("་"), k=words * 2)) + "།"


def is_long(number: int) -> bool:
    """One of each fifty in a row."""
    return (number // EVERY_LONG + number) % EVERY_LONG == 0


def body_of(paragraphs: list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
