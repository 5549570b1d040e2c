"""What a landing is, in two bars: what became of its rows, and of its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.collect.findings import CheckReport, Finding
from schakel.collect.reports import ColumnDecision
from schakel.collect.rules import rules
from schakel.lib.text import gettext as _
from schakel.portal import figures
from schakel.portal.charts import RunBar, Segment


@dataclass(frozen=True)
class Bar:
    """A run's bar with its heading."""

    heading: str
    total: str
    bar: RunBar


def rows_bar(told: Mapping[str, object], report: CheckReport) -> Bar:
    """What became of the rows that were read; beside them those of earlier deliveries that stay."""
    read = sum(report.rows.values())
    quarantined = sum(_counts(told, "quarantined").values())
    stayed = sum(_counts(told, "rows_stayed").values())
    waiting = sum(_counts(told, "quarantined_stayed").values())
    accepted = sum(_counts(told, "rows").values()) - stayed
    mended = [f for f in report.findings if f.row and f.action != "drop row" and f.severity == "error"]
    repaired = min(len({(f.file, f.row) for f in mended if not _of_column(f)}), accepted)
    outside = max(read - accepted - quarantined, 0)
    left_out = _left_out(told, report, outside)
    segments = [
        _segment("a", accepted - repaired, _("overgenomen")),
        _segment("b", repaired, _("hersteld en overgenomen")),
        _segment("c", quarantined, _("in quarantaine")),
        _segment("d", outside - left_out, _("niet bewaard: geen behoefte vraagt dit bestand")),
        _segment("d", left_out, _("weggelaten: totaal, herhaling, verwijdering of niet gewenst")),
        _segment("d", stayed, _("al gelezen uit eerdere leveringen, en gebleven")),
        *([_segment("c", waiting, _("nog in quarantaine, uit eerdere leveringen"))] if waiting else []),
    ]
    shown = [s for s in segments if s.count or s.kind in "ac"]
    total = _("%(count)s gelezen") % {"count": figures.number(read)}
    return Bar(_("Rijen"), total, RunBar("rijen", _label(shown), shown))


def _left_out(told: Mapping[str, object], report: CheckReport, outside: int) -> int:
    """Of the rows that are nowhere those of files that a need does ask: a total, a repetition, what nobody wants."""
    labels, asked = told.get("labels"), told.get("rows")
    if not isinstance(labels, dict) or not isinstance(asked, dict):
        return 0
    unasked = sum(report.rows.get(label, 0) for name, label in labels.items() if name not in asked)
    return max(outside - unasked, 0)


def _of_column(found: Finding) -> bool:
    """Whether a finding is about a column as a whole, told at its header: no row was repaired by that."""
    known = rules().get(found.rule)
    return bool(found.column) and known is not None and known.kind in {"form", "law"}


def columns_bar(columns: Sequence[ColumnDecision]) -> Bar:
    """What became of the columns that were offered, and what was asked and not delivered."""
    counts = {kind: sum(1 for d in columns if d.decision == kind) for kind in ("keep", "drop", "refuse", "missing")}
    segments = [
        _segment("a", counts["keep"], _("nodig voor een goedgekeurde behoefte")),
        _segment("d", counts["drop"], _("buiten de deur: niemand heeft ze nodig")),
        _segment("e", counts["refuse"], _("geweigerd: mag nooit worden bewaard")),
        _segment("c", counts["missing"], _("gevraagd, maar niet geleverd")),
    ]
    shown = [s for s in segments if s.count or s.kind in "ad"]
    offered = counts["keep"] + counts["drop"] + counts["refuse"]
    total = _("%(count)s aangeboden") % {"count": figures.number(offered)}
    return Bar(_("Kolommen"), total, RunBar("kolommen", _label(shown), shown))


def _counts(told: Mapping[str, object], key: str) -> dict[str, int]:
    value = told.get(key)
    return value if isinstance(value, dict) else {}


def _segment(kind: str, count: int, text: str) -> Segment:
    return Segment(kind, count, text, figures.number(count))  # type: ignore[arg-type]


def _label(segments: Sequence[Segment]) -> str:
    return ", ".join(f"{s.shown} {s.text}" for s in segments)
