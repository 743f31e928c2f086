"""How well a search finds: recall and precision over labelled questions, and every fault by name. Knows no engine.

    measure(find, asked) -> Quality

find: from what somebody types to the keys of the stories found. asked: questions with the keys that answer them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    kind: str
    sought: str
    wanted: Set[int]


@dataclass(frozen=True)
class Answer:
    """What one question found, set against what it should have found."""

    asked: Asked
    found: Set[int]

    @property
    def right(self) -> Set[int]:
        return self.found & self.asked.wanted

    @property
    def missed(self) -> Set[int]:
        return self.asked.wanted - self.found

    @property
    def wrong(self) -> Set[int]:
        return self.found - self.asked.wanted

    @property
    def recall(self) -> float:
        return ratio(len(self.right), len(self.asked.wanted))

    @property
    def precision(self) -> float:
        return ratio(len(self.right), len(self.found))


@dataclass(frozen=True)
class Score:
    """Over all stories found and wanted together (recall, precision), and as the mean of the questions' own."""

    questions: int
    recall: float
    precision: float
    mean_recall: float
    mean_precision: float

    def __str__(self) -> str:
        return (
            f"recall {self.recall:.4f} precision {self.precision:.4f}, "
            f"by question {self.mean_recall:.4f} {self.mean_precision:.4f} ({self.questions} questions)"
        )


@dataclass(frozen=True)
class Quality:
    answers: tuple[Answer, ...]

    @property
    def overall(self) -> Score:
        return score(self.answers)

    @property
    def by_class(self) -> dict[str, Score]:
        kinds = dict.fromkeys(answer.asked.kind for answer in self.answers)
        return {kind: score([one for one in self.answers if one.asked.kind == kind]) for kind in kinds}

    @property
    def faults(self) -> list[Answer]:
        """The questions that missed something or found something wrong, the worst first."""
        at_fault = [answer for answer in self.answers if answer.missed or answer.wrong]
        return sorted(at_fault, key=lambda answer: -len(answer.missed) - len(answer.wrong))

    def report(self, texts: Mapping[int, str], examples: int = 2) -> str:
        """The figures and faults as lines to read; texts: by key, of which some are shown with each fault."""
        lines = [f"all: {self.overall}", *(f"{kind}: {figures}" for kind, figures in self.by_class.items())]
        for answer in self.faults:
            lines.append(f"{answer.asked.kind} {answer.asked.sought}: {_counts(answer)}")
            for name, keys in (("missed", answer.missed), ("wrong", answer.wrong)):
                lines += [f"    {name} {key}: {' '.join(texts[key].split())}" for key in sorted(keys)[:examples]]
        return "\n".join(lines)


def measure(find: Callable[[str], Set[int]], asked: Iterable[Asked]) -> Quality:
    return Quality(tuple(Answer(one, frozenset(find(one.sought))) for one in asked))


def score(answers: Collection[Answer]) -> Score:
    right = sum(len(answer.right) for answer in answers)
    return Score(
        questions=len(answers),
        recall=ratio(right, sum(len(answer.asked.wanted) for answer in answers)),
        precision=ratio(right, sum(len(answer.found) for answer in answers)),
        mean_recall=ratio(sum(answer.recall for answer in answers), len(answers)),
        mean_precision=ratio(sum(answer.precision for answer in answers), len(answers)),
    )


def ratio(part: float, whole: float) -> float:
    """1 of nothing: who was asked for nothing missed nothing, and who found nothing found nothing wrong."""
    return part / whole if whole else 1.0


def _counts(answer: Answer) -> str:
    return f"{len(answer.right)} right, {len(answer.missed)} missed, {len(answer.wrong)} wrong"
