"""The gathering of texts for people: none is missed, wherever in the code it stands."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("tools_texts", ROOT / "tools" / "texts.py")
texts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(texts)


def gathered(tmp_path, monkeypatch, code):
    """What is found in one file of code."""
    (tmp_path / "blad.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(texts, "PACKAGE", tmp_path)
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    return {message.id for message in texts.gather() if message.id}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('x = _("kaal")', {"kaal"}),
        ("x = f\"{_('midden')}\"", {"midden"}),
        ('x = f\'a {_("een")} b {_("twee")} c\'', {"een", "twee"}),
        ("x = f\"{_('naam %(n)s') % {'n': 1}}\"", {"naam %(n)s"}),
        ("x = f\"{a or _('leeg')}\"", {"leeg"}),
        ("x = f\"{f'{_(1)}'} {f'''{_('diep')}'''}\"", {"diep"}),
        ("x = f\"{ngettext('%(n)s ding', '%(n)s dingen', n)}\"", {("%(n)s ding", "%(n)s dingen")}),
        ("x = f\"{y:{_('breedte')}}\"", {"breedte"}),
        ("x = _('samen '\n      'gezet')", {"samen gezet"}),
        ("def f():\n    return (f\"{_('regel')}\",\n            _('andere'))", {"regel", "andere"}),
        ("x = f\"{anders('niet')}\"", set()),
        ('x = f"{naam}"', set()),
    ],
)
def test_texts_are_found_also_within_other_texts(tmp_path, monkeypatch, code, expected):
    assert gathered(tmp_path, monkeypatch, code) == expected


def test_a_text_in_an_f_string_without_english_is_named(tmp_path, monkeypatch):
    gathered(tmp_path, monkeypatch, "x = f\"{_('Dit staat nergens vertaald, kwezel')}\"")
    assert texts.untranslated(texts.gather()) == ["Dit staat nergens vertaald, kwezel"]


def test_words_of_a_page_outside_a_translate_tag_are_named(tmp_path, monkeypatch):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "blad.html").write_text("<p>{% translate 'Goed' %}</p><p>Los woord</p><style>p {color: red}</style>")
    monkeypatch.setattr(texts, "PACKAGE", tmp_path)
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    assert texts.bare_texts() == ["templates/blad.html: 'Los woord'"]
