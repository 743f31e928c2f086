"""What docs/deploy.md says of the environment is what the code reads, name by name."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OF_A_REQUEST = "HTTP_|PATH_INFO|QUERY_STRING|REQUEST_METHOD"  # PEP 3333 calls its variables environ, too
READ = re.compile(rf"""(?:(?<!os\.)environ\.\w+|\btext)\(\s*["'](?!{OF_A_REQUEST})([A-Z][A-Z_]+)["']""")
LISTED = re.compile(r"^\| `([A-Z_]+)` \|(.*)\|(.*)\|(.*)\|$", re.MULTILINE)


def read_by_the_code() -> set[str]:
    sources = [*ROOT.glob("newsroom/**/*.py"), *ROOT.glob("articles/**/*.py")]
    return {name for source in sources for name in READ.findall(source.read_text(encoding="utf-8"))}


def documented() -> dict[str, tuple[str, ...]]:
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    table = page[page.index("## Every variable") :]
    return {name: tuple(cell.strip() for cell in cells) for name, *cells in LISTED.findall(table)}


def test_every_setting_is_documented() -> None:
    assert sorted(read_by_the_code() - documented().keys()) == []


def test_every_documented_setting_is_read() -> None:
    assert sorted(documented().keys() - read_by_the_code()) == []


def test_every_setting_has_a_meaning_a_default_and_an_example() -> None:
    assert [name for name, cells in documented().items() if not all(cells)] == []


def test_the_search_for_settings_finds_known_ones() -> None:
    assert {"SITE_ADDRESS", "SECRET_KEY", "DATABASE_URL", "NEWSROOM_DATA"} <= read_by_the_code()
