"""What people decided about who is whom, as matching takes it: the last word about each pair."""

from schakel.collect.match_decisions import OPEN, SAME, last_words
from schakel.process.matching import Verdict


def verdicts(kind: str = "", source: str = "") -> list[Verdict]:
    """Every pair that is decided now; what was opened again is not among them."""
    return [
        Verdict(word.kind, word.source.key, word.their_key, word.our_key, word.verdict == SAME)
        for word in last_words(kind, source)
        if word.verdict != OPEN
    ]
