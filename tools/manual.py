"""Pages of the manual that are derived from the source: permissions, indicators, layouts, gap rules, kits.

python tools/manual.py check     the pages say what the source says
python tools/manual.py update    write them
"""

import csv
import os
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel.config.settings")
os.environ.setdefault("SCHAKEL_DATA", tempfile.mkdtemp())
NOTE = "*Written by `tools/manual.py` from the source; do not edit.*\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return (
        "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]) + "\n"
    )


def permissions() -> str:
    """Who may change what in the register."""
    from schakel.access.permissions import BY_ITSELF, EVERYONE, PERMISSIONS

    def who(name: str) -> str:
        roles = PERMISSIONS[name]
        return "everyone with an account" if roles == EVERYONE else ", ".join(f"`{role}`" for role in sorted(roles))

    rows = [[f"`{name}`", who(name), "yes" if name in BY_ITSELF else ""] for name in PERMISSIONS]
    text = "What a person may see of data about people is not in this table: it follows from approved needs.\n\n"
    return f"# Permissions on the register\n\n{NOTE}\n{text}" + table(["permission", "roles", "by schedule"], rows)


def gap_rules() -> str:
    """The gap rules of all rooms."""
    from schakel.chain.gaps import RULES

    rows = [
        [f"`{r.id}`", r.severity, str(r.title), str(r.why), str(r.action)]
        for r in sorted(RULES.values(), key=lambda r: r.id)
    ]
    return f"# Gap rules\n\n{NOTE}\n" + table(["id", "severity", "title", "why it matters", "next action"], rows)


def indicators() -> str:
    """The indicators of the base kit."""
    found = yaml.safe_load((ROOT / "schakel/kits/base/indicators.yaml").read_text())["indicators"]
    rows = [[f"`{i['key']}`", i["nl"], i["definition_nl"], i["unit"], i.get("goal", "")] for i in found]
    text = "The SQL of each lies in `schakel/steer/definitions/`.\n\n"
    return f"# Indicators\n\n{NOTE}\n{text}" + table(["key", "name", "definition", "unit", "goal"], rows)


def layouts() -> str:
    """The layouts that Schakel reads."""
    rows = [["`oneroster`", "zip or folder", "1.1, 1.2.0, 1.2.1", _oneroster_files(), "The published standard."]]
    for path in sorted((ROOT / "schakel/connectors/mappings").glob("*.yaml")):
        mapping = yaml.safe_load(path.read_text())
        first = [f"`{mapping['layout']}`", f"`{mapping['file']}`", str(mapping["version"])]
        rows.append([*first, ", ".join(mapping["relations"]), mapping["evidence_note"]])
    text = (
        "A mapped layout is one YAML file in `schakel/connectors/mappings/`. A workbook (.xlsx, .xls, .ods) of the "
        "same name with the same table is read too. The last column says what we know of such a file.\n\n"
    )
    return f"# Layouts\n\n{NOTE}\n{text}" + table(["layout", "file", "version", "relations", "evidence"], rows)


def _oneroster_files() -> str:
    with (ROOT / "schakel/connectors/oneroster_columns.csv").open(encoding="utf-8") as file:
        return ", ".join(dict.fromkeys(row["file"].removesuffix(".csv") for row in csv.DictReader(file)))


def rules() -> str:
    """The rules that a delivery is held against, and where each layout declares those over several columns."""
    from schakel.collect.rules import rules as known
    from schakel.connectors.edexml_layout import EDEXML, Edition
    from schakel.connectors.edexml_layout import layout as edexml
    from schakel.connectors.mapped_layout import mappings
    from schakel.connectors.oneroster_layout import layout as oneroster

    rows = [[f"`{r.id}`", r.kind, r.severity, r.answer, r.repairs, r.nl, r.en] for r in known().values()]
    text = (
        "`answer` is what is done unless a layout or the board says otherwise; `repairs` is who can mend it: who enters"
        " it (`entry`), who makes the export (`supplier`), or who looks after the source (`owner`).\n\n"
    )
    first = table(["rule", "kind", "severity", "answer", "repairs", "Dutch", "English"], rows)
    shapes = [oneroster("1.2.1"), edexml(Edition(EDEXML[-1])), *(m.layout for m in mappings())]
    placed = [
        [shape.name, m.file, m.column, f"`{m.rule}`", m.answer or known()[m.rule].answer, m.expected]
        for shape in shapes
        for m in shape.meanings
    ]
    counted = [
        [shape.name, d.file, d.en, f"{d.fewer}%", str(d.least), d.answer or known()[d.rule].answer]
        for shape in shapes
        for d in shape.drifts
    ]
    about = [
        [shape.name, s.file, ", else ".join(" + ".join(c for c, _empty in way) for way in s.ways),
         s.answer or known()[s.rule].answer]
        for shape in shapes
        for s in shape.subjects
    ]  # fmt: skip
    return (
        f"# Rules\n\n{NOTE}\n{text}{first}\n## Over several columns, files or sources\n\n"
        + table(["layout", "table", "column", "rule", "answer", "expected"], placed)
        + "\n## Counts against the deliveries of the last month\n\n"
        + table(["layout", "table", "what is counted", "fewer than before", "from so many on", "answer"], counted)
        + "\n## Whom a full delivery is about, against the one that stands\n\n"
        + table(["layout", "table", "told by", "answer"], about)
    )


def kit_content() -> str:
    """What is in the kits that come with Schakel: needs, products, indicators, sources and the rest in numbers."""
    from schakel.kits.families import names, read

    kits = {name: read(name) for name in names()}
    rows = [
        [f"`{name}`", kit.name["en"], kit.version, ", ".join(f"`{each}`" for each in kit.requires),
         str(len(kit.of("needs"))), str(len(kit.items))]
        for name, kit in kits.items()
    ]  # fmt: skip
    text = table(["kit", "name", "version", "stands on", "needs, with those below it", "things"], rows)
    whole = {item.section: [] for kit in kits.values() for item in kit.whole}  # type: dict[str, list[Any]]
    for kit in kits.values():
        for item in kit.whole:
            if item not in whole[item.section]:
                whole[item.section].append(item)
    makers = {"needs": _needs, "products": _products, "indicators": _indicators, "sources": _sources}
    parts = [f"## {section.capitalize()}\n\n{make(whole[section])}" for section, make in makers.items()]
    rest = ", ".join(f"{len(whole[section])} {section}" for section in whole if section not in makers)
    return f"# What is in the kits\n\n{NOTE}\n{text}\nBeside what follows: {rest}.\n\n" + "\n".join(parts)


def _needs(items: list[Any]) -> str:
    rows = [
        [f"`{i.key}`", i.kit, i.get("role"), i.get("level"), i.get("state"), i.get("question_en")]
        for i in sorted(items, key=lambda i: (i.kit, i.key))
    ]
    return table(["key", "kit", "asked by", "level", "state", "question"], rows)


def _products(items: list[Any]) -> str:
    rows = [[f"`{i.key}`", i.kit, f"`{i.get('need')}`", i.get("shape"), i.get("title")["en"]] for i in items]
    return table(["key", "kit", "need", "shape", "title"], rows)


def _indicators(items: list[Any]) -> str:
    from schakel.steer.norms import norms_in_data

    def read(key: str) -> str:
        element = norms_in_data().get(key)
        return f"of each school its own: `{element}`" if element else "none: no judgement"

    rows = [
        [f"`{i.key}`", i.get("goal"), i.get("definition_en"),
         "; ".join(f"{n['en']} ({n['kind']})" for n in i.get("norms")) or read(i.key)]
        for i in items
    ]  # fmt: skip
    return table(["key", "goal", "what", "norms"], rows)


def _sources(items: list[Any]) -> str:
    rows = [
        [f"`{i.key}`", i.get("system"), f"`{i.get('pattern')}`", f"{i.get('expected_hours')} hours",
         i.get("repairs_role")]
        for i in items
    ]  # fmt: skip
    return table(["key", "system", "file", "late after", "who repairs"], rows)


PAGES: dict[str, Callable[[], str]] = {
    "permissions.md": permissions,
    "gap-rules.md": gap_rules,
    "indicators.md": indicators,
    "kit-content.md": kit_content,
    "layouts.md": layouts,
    "rules.md": rules,
}


def main(verb: str) -> int:
    """Check or write every page."""
    import_module("django").setup()
    old = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if verb == "update":
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            old.append(name)
    print(f"old pages (run make texts): {', '.join(old)}" if old else "The derived pages of the manual are up to date.")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
