"""How far the reading is that somebody asked for: of one source, or of all. By looking: at runs, round and worker."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings

from schakel.collect.runs import GOOD, NEW, OPEN, Run
from schakel.collect.sources import Source
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations import rounds
from schakel.operations.progress import Progress as Moment
from schakel.portal import figures
from schakel.portal.pages.sources import run_state, source_name
from schakel.portal.parts import Check, Note, Progress, Reading, Tone
from schakel.process import snapshots

ASKED = "keer"  # in the address: the run that somebody asked for
SEEN = "gezien"  # in the address: what was shown last


@dataclass(frozen=True)
class _Now:
    """What goes on at this moment: whether a round is busy and how far, whether a worker lives."""

    busy: bool
    lives: bool
    moment: Moment | None


def of_source(source: Source, asked: str) -> Reading | None:
    """The reading of one source that is asked for or at work, or that of this number; None when there is none."""
    run = source.runs.open().first() or source.runs.filter(pk=_number(asked)).first()
    if run is None:
        return None
    now = _look()
    shown = _open(run, now) if run.state in OPEN else _finished([run], now) or _outcome(run)
    return _followed(replace(shown, page=f"/bronnen/{source.key}"), run)


def of_all(asked: str) -> Reading | None:
    """The readings that are asked for or at work, with those asked together with this number; None without any."""
    one = Run.objects.filter(pk=_number(asked)).first()
    together = Run.objects.filter(asked_at=one.asked_at) if one and one.asked_at else Run.objects.none()
    runs = list((Run.objects.open() | together).select_related("source").order_by("source__name"))
    if not runs:
        return None
    now = _look()
    left = [run for run in runs if run.state in OPEN]
    if len(runs) == 1:
        shown = _open(runs[0], now) if left else _finished(runs, now) or _outcome(runs[0])
    else:
        shown = _several(runs, left, now) if left else _finished(runs, now) or _outcomes(runs)
    return _followed(replace(shown, page="/ict"), one or runs[0])


def print_of(reading: Reading) -> tuple[str, str]:
    """What tells one showing from another: of everything that is shown, and of what is said."""
    return content_hash(asdict(replace(reading, poll="")))[:12], content_hash(reading.said)[:12]


def _followed(reading: Reading, run: Run) -> Reading:
    """With the address that asks on, as long as it is not over."""
    page = f"{reading.page}?{ASKED}={run.pk}"
    shown, said = print_of(replace(reading, page=page))
    return replace(reading, page=page, poll=f"{page}&{SEEN}={shown}.{said}" if reading.poll else "")


def _number(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0  # noqa: PLR2004


def _look() -> _Now:
    data = Path(settings.DATA)
    moment = rounds.seen(data)
    busy = moment is not None or rounds.busy(data)
    return _Now(busy, busy or rounds.worker_lives(data), moment)


def _going_on(said: str, progress: Progress | None = None, note: Note | None = None) -> Reading:
    return Reading(said, "", progress, note, poll="ja")


def _over(tone: str, strong: str, text: str) -> Reading:
    return Reading(f"{strong} {text}", "", note=Note(text, tone, strong))  # type: ignore[arg-type]


def _open(run: Run, now: _Now) -> Reading:
    """A source that waits or is being read."""
    name = {"name": source_name(run.source)}
    if not now.lives:
        return _nobody(run.state == "running")
    if run.state == "waiting" or not now.busy:
        title = _("%(name)s staat klaar om gelezen te worden") % name
        return _going_on(title, Progress(title, 0, 100, _waiting_for(now), _steps(0)))
    title = _("%(name)s wordt gelezen en gecontroleerd") % name
    share = _share(run, now)
    if share >= 100:  # noqa: PLR2004
        title = _("%(name)s is gecontroleerd en wordt bewaard") % name
        return _going_on(title, Progress(title, 100, 100, "", _steps(1)))
    what = now.moment.what if now.moment else ""
    line = _("%(file)s, %(share)s van het geheel") % {"file": what, "share": f"{share}%"} if what else ""
    return _going_on(title, Progress(title, share, 100, line, _steps(0)))


def _nobody(begun: bool) -> Reading:
    """No worker lives: the request stands, and somebody must start one."""
    strong = _("De verwerker draait niet.")
    kept = _("Uw vraag staat klaar en gaat niet verloren.")
    if begun:
        kept = _("Het lezen is halverwege gestopt; er is niets half bewaard.")
    what = _("Start de verwerker op de server met: schakel work. Daarna leest hij vanzelf.")
    return _going_on(f"{strong} {kept}", note=Note(f"{kept} {what}", "warn", strong))


def _waiting_for(now: _Now) -> str:
    if not now.busy:
        return _("De verwerker begint er zo aan.")
    other = Source.objects.filter(key=now.moment.source).first() if now.moment else None
    if other is None:
        return _("De verwerker is bezig; dit komt zo aan de beurt.")
    return _("De verwerker leest eerst %(name)s.") % {"name": source_name(other)}


def _share(run: Run, now: _Now) -> int:
    """How much of this source was read, in hundredths."""
    moment = now.moment
    if moment is None or moment.step != "read" or moment.source != run.source.key or not moment.total:
        return 0
    return min(100 * moment.done // moment.total, 100)


def _finished(runs: Sequence[Run], now: _Now) -> Reading | None:
    """What was read and is not yet in the snapshot, while the round goes on; None when there is nothing to wait for."""
    if not now.busy or not any(_unpublished(run) for run in runs):
        return None
    title = _("De nieuwe momentopname wordt gemaakt")
    moment = now.moment
    if moment is None or moment.step != "publish":
        return _going_on(title, Progress(title, 0, 100, _("Nog even: dit is de laatste stap."), _steps(2)))
    words = {"done": figures.number(moment.done), "total": figures.number(moment.total)}
    line = _("%(done)s van de %(total)s tabellen") % words
    return _going_on(title, Progress(title, moment.done, max(moment.total, 1), line, _steps(2)))


def _unpublished(run: Run) -> bool:
    """Whether a run brought something in that readers do not see yet."""
    if run.state not in NEW:
        return False
    now = snapshots.current(Path(settings.DATA))
    return now is None or run.digest not in {source.get("digest") for source in now.manifest["sources"]}


def _steps(at: int) -> list[Check]:
    """The three steps of a reading, with the one that goes on."""
    titles = (_("Lezen en controleren"), _("Bewaren wat een behoefte noemt"), _("Nieuwe momentopname maken"))
    return [Check(_tone(place, at), title) for place, title in enumerate(titles)]


def _tone(place: int, at: int) -> Tone:
    return "now" if place == at else "ok" if place < at else "unk"


def _outcome(run: Run) -> Reading:
    """What came of one reading."""
    name = source_name(run.source)
    if run.state == "unchanged":
        return _over("info", _("Niets nieuws."), _("Dit bestand van %(name)s was al gelezen.") % {"name": name})
    if run.state not in GOOD:
        text = _("%(name)s kwam niet binnen. Wat er stond bleef in gebruik; hieronder staat waarom.")
        return _over("warn", run_state(run).word + ".", text % {"name": name})
    words = {"name": name, "rows": figures.number(run.rows_read), "held": figures.number(run.rows_quarantined)}
    if not run.rows_quarantined:
        return _over("ok", _("Klaar."), _("%(name)s is gelezen: %(rows)s rijen, en elke rij kwam binnen.") % words)
    return _over("ok", _("Klaar."), _("%(name)s is gelezen: %(rows)s rijen, waarvan %(held)s in quarantaine.") % words)


def _several(runs: Sequence[Run], left: Sequence[Run], now: _Now) -> Reading:
    """Several sources, some of which still wait."""
    if not now.lives:
        return _nobody(any(run.state == "running" for run in left))
    done = len(runs) - len(left)
    words = {"done": figures.number(done), "total": figures.number(len(runs))}
    text = ngettext(
        "%(done)s van de %(total)s bronnen is gelezen", "%(done)s van de %(total)s bronnen zijn gelezen", done
    )
    title = text % words
    reading = next((run for run in left if run.state == "running"), None)
    line = _waiting_for(now)
    if reading is not None and now.busy:
        words = {"name": source_name(reading.source), "share": f"{_share(reading, now)}%"}
        line = _("Nu: %(name)s, %(share)s") % words
    return _going_on(title, Progress(title, done, len(runs), line, [_source_step(run) for run in runs]))


def _source_step(run: Run) -> Check:
    state = run_state(run)
    return Check(state.tone if run.state != "waiting" else "unk", f"{source_name(run.source)}: {state.word.lower()}")


def _outcomes(runs: Sequence[Run]) -> Reading:
    """What came of several readings."""
    failed = [source_name(run.source) for run in runs if run.state not in GOOD]
    new = sum(run.state in NEW for run in runs)
    text = ngettext(
        "%(count)s bronnen bekeken; %(new)s had iets nieuws.",
        "%(count)s bronnen bekeken; %(new)s hadden iets nieuws.",
        new,
    ) % {"count": figures.number(len(runs)), "new": figures.number(new)}
    if not failed:
        return _over("ok", _("Klaar."), text)
    missed = ngettext("Niet binnengekomen is %(names)s.", "Niet binnengekomen zijn %(names)s.", len(failed))
    return _over("warn", _("Klaar."), f"{text} {missed % {'names': ', '.join(failed)}}")
