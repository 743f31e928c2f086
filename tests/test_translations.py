"""The interface speaks every language that it offers."""

import ast
import re
from pathlib import Path

import polib
import pytest

LOCALE = Path(__file__).parent.parent / "articles" / "locale"


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def test_no_sentence_hides_in_a_formatted_string_where_the_catalogues_do_not_find_it():
    names = {"_", "now", "gettext", "gettext_lazy", "ngettext", "pgettext"}
    hidden = [
        f"{file.name}:{call.lineno}"
        for file in LOCALE.parent.rglob("*.py")
        for text in ast.walk(ast.parse(file.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
    ]
    assert hidden == []


@pytest.mark.parametrize("language", ["zh_Hant", "zh_Hans"])
def test_the_chinese_catalogues_are_complete(language: str):
    entries = catalogue(language)
    assert len(entries) > 100
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []


@pytest.mark.parametrize("language", ["zh_Hant", "zh_Hans", "bo"])
def test_what_is_compiled_is_what_is_written(language: str):
    written = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural
        for entry in catalogue(language).translated_entries()
    }
    compiled = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural
        for entry in polib.mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))
    }
    assert compiled == written


@pytest.mark.parametrize("language", ["zh_Hant", "zh_Hans", "bo"])
def test_placeholders_survive_translation(language: str):
    for entry in catalogue(language).translated_entries():
        if entry.msgid_plural:
            continue
        wanted = sorted(re.findall(r"%\(\w+\)[sd]", entry.msgid))
        assert sorted(re.findall(r"%\(\w+\)[sd]", entry.msgstr)) == wanted, entry.msgid


ONLY_SIMPLIFIED = "们这为说时间发给还没页选图错误编辑网开关闭应该设"
ONLY_TRADITIONAL = "們這為說時間發給還沒頁選圖錯誤編輯網開關閉應該設"


@pytest.mark.parametrize(("language", "foreign"), [("zh_Hant", ONLY_SIMPLIFIED), ("zh_Hans", ONLY_TRADITIONAL)])
def test_no_catalogue_holds_characters_of_the_other_script(language: str, foreign: str):
    for entry in catalogue(language).translated_entries():
        assert not set(foreign) & set(entry.msgstr), entry.msgid
