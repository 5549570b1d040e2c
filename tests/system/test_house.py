"""What must never be forgotten: each room says what it is, each verb, setting and permission stands in the manual."""

import ast
import importlib
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from schakel.cli.main import VERBS
from schakel.lib.plain_yaml import from_yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "schakel"
MODULES = [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]
ROOMS = sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())


@cache
def module(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_each_module_says_what_it_is():
    silent = [name(path) for path in MODULES if not ast.get_docstring(module(path))]
    assert silent == [], "a module begins with what it is"


def test_public_functions_say_what_they_give():
    silent = [
        (name(path), node.name)
        for path in MODULES
        for node in module(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_constant_is_said_twice():
    """A merge that keeps both lines: the second one would win in silence."""
    said = Counter(
        (name(path), target.id)
        for path in MODULES
        for node in module(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    )
    assert len(said) > 500
    assert [each for each, times in said.items() if times > 1] == []


def test_no_module_is_a_drawer_for_anything():
    assert not [p for p in MODULES if p.stem in {"utils", "util", "helpers", "common", "misc", "base"}]


def test_no_file_holds_two_nouns():
    long = {str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_stands_in_the_explanation(room):
    assert f"`{room}`" in (ROOT / "docs/explanation/rooms.md").read_text()


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_exists_and_stands_in_the_manual(verb):
    command = importlib.import_module(f"schakel.cli.{verb}").command
    assert command.help
    assert f"`{verb} " in (ROOT / "docs/reference/command-line.md").read_text()


def test_each_setting_stands_in_the_manual():
    named = set()
    for path in MODULES:
        named |= set(re.findall(r"""["'](SCHAKEL_(?!SMALL)[A-Z_]+)["']""", path.read_text()))
    manual = (ROOT / "docs/reference/settings.md").read_text()
    assert {name for name in named if f"`{name}`" not in manual} == set()


def test_every_link_in_the_manual_leads_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_publiccode_is_readable_and_tells_the_version():
    facts = from_yaml((ROOT / "publiccode.yml").read_text())
    assert facts["softwareVersion"] == importlib.import_module("schakel").__version__
    assert facts["legal"]["license"] == "EUPL-1.2"
    assert set(facts["description"]) == {"nl", "en"}


def test_locks_have_hashes_and_no_addresses():
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        packages = re.findall(r"^([a-z0-9-]+)==", text, flags=re.M)
        assert len(packages) > 10
        assert text.count("--hash=sha256:") >= len(packages)


def test_check_starts_without_a_web_framework():
    code = (
        "import sys; import schakel.cli.check; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('django', 'allauth')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_one_help_text_for_all_verbs():
    done = subprocess.run(
        [sys.executable, "-m", "schakel.cli.main", "--help"], capture_output=True, text=True, check=True
    )
    assert all(verb in done.stdout for verb in VERBS)
