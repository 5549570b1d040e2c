"""Looking at a delivery without keeping anything: both verdicts and every finding, in one pass."""

from schakel.collect.examination import Progress, examine
from schakel.collect.findings import CheckReport
from schakel.collect.packages import Package


def check(package: Package, progress: Progress | None = None) -> CheckReport:
    """Hold a package against its layout. Nothing is written to disk. Raises Unreadable for what cannot be followed."""
    done = examine(package, {}, progress=progress)
    try:
        return done.report
    finally:
        done.close()
