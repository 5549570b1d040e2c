"""What Schakel itself wrote in a model, read back: elements say their noun and key, relationships their field."""

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from schakel.kits.archimate.drawing import columns_of
from schakel.kits.archimate.reading import Concept, Model
from schakel.kits.archimate.vocabulary import LINKS, PREFIX, ROADS, TYPES, name_fields, text_fields
from schakel.kits.exchange.columns import Column
from schakel.kits.exchange.needs import AUDIENCE, CLOSED, ELEMENT
from schakel.kits.exchange.offers import Fault, Offered
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.kits.exchange.responsibilities import KINDS
from schakel.kits.exchange.values import BadValue, read
from schakel.lib.text import gettext as _

CLOSING = ("refused", "ended")


def said(concept: Concept, name: str) -> str:
    """One of our properties of a concept; empty when it does not say it."""
    return concept.properties.get(PREFIX + name, "")


def is_own(concept: Concept) -> bool:
    """Whether a concept says which thing of a register it is."""
    noun = said(concept, "noun")
    return bool(said(concept, "key")) and (noun in TYPES or noun == LINKS)


class Own:
    """Turns our own concepts into offers."""

    def __init__(self, model: Model, standing: Standing, at: dict[str, Offered]) -> None:
        self.model, self.standing, self.at = model, standing, at
        self.faults: list[Fault] = []
        self.unknown: Counter[str] = Counter()  # properties of ours that no field has
        self.states = 0

    def element(self, concept: Concept) -> Offered | None:
        """An element, or a link, with all that it says about itself."""
        noun, key = said(concept, "noun"), said(concept, "key")
        try:
            if read(NOUNS[noun].key_column, key) != key:
                raise BadValue(_("In de sleutel staan blanco tekens."))
        except BadValue as bad:
            self._fault(concept, bad.reason)
            return None
        offered = Offered(noun, key, concept.place)
        for names, words in ((name_fields(noun), concept.names), (text_fields(noun), concept.texts)):
            for language, name in zip(("nl", "en"), names, strict=True):
                text = words.get(language, words.get("") if language == "nl" else None)
                if name and text is not None and NOUNS[noun].column(name):
                    offered.fields[name] = text
        columns = columns_of(noun)
        for name in (each.removeprefix(PREFIX) for each in concept.properties if each.startswith(PREFIX)):
            if name in columns:
                self._property(offered, concept, columns[name])
            elif name not in ("noun", "key", "field", "state", "refusal_reason"):
                self.unknown[name] += 1
        if noun == "needs":
            self._state(offered, concept)
        return offered

    def relationship(self, concept: Concept, source: Offered, target: Offered) -> bool:
        """A relationship that stands for a field; whether it was one of ours."""
        noun, _dot, name = said(concept, "field").partition(".")
        if name == "responsibility":
            return self._responsibility(concept, target, source)
        road = ROADS.get((noun, name))
        if road is None:
            return (noun, name) == ("systems", "component")  # drawn for who reads the model
        here, there = (target, source) if road.back else (source, target)
        if here.noun != noun:
            return False
        self._say(concept, here, name, there)
        return True

    def _say(self, concept: Concept, here: Offered, name: str, there: Offered) -> None:
        if name == "element":
            line = tuple(said(concept, word) for word in ("demand", "reason", "reason_en", "declined_reason"))
            here.fields[ELEMENT + there.key], here.places[ELEMENT + there.key] = line, concept.place
        elif name == "audience":
            pair = f"{AUDIENCE}{there.key}:{said(concept, 'scope')}"
            here.fields[pair], here.places[pair] = True, concept.place
        elif name == "record":
            here.fields["record"] = tuple(sorted({*here.fields.get("record", ()), there.key}))
        else:
            here.fields[name], here.places[name] = there.key, concept.place

    def _property(self, offered: Offered, concept: Concept, column: Column) -> None:
        text: Any = said(concept, column.name)
        offered.places[column.name] = concept.place
        if column.kind in ("text", "key"):
            offered.fields[column.name] = text
            return
        try:
            if column.kind == "amount":
                text = Decimal(text)
            offered.fields[column.name] = read(column, text)
        except InvalidOperation:
            self._fault(concept, _("‘%(value)s’ is geen getal.") % {"value": str(text)[:40]})
        except BadValue as bad:
            where = _("Bij %(name)s: %(reason)s") % {"name": PREFIX + column.name, "reason": bad.reason}
            self.faults.append(Fault(concept.place, where, bad.hint))

    def _state(self, offered: Offered, concept: Concept) -> None:
        """What closes a need comes along when the need is new; what opens it asks a decision here."""
        state = said(concept, "state")
        if self.standing.fields("needs", offered.key) is not None or state in ("", "asked"):
            return
        if state in CLOSING:
            reason = said(concept, "refusal_reason") or _("Zo stond het in het ingelezen model.")
            offered.fields[CLOSED] = (state, reason)
        else:
            self.states += 1

    def _responsibility(self, concept: Concept, thing: Offered, role: Offered) -> bool:
        kinds = {noun: kind for kind, noun in KINDS.items()}
        if thing.noun not in kinds or role.noun != "roles":
            return False
        columns = {column.name: column for column in NOUNS["responsibilities"].columns}
        fields: dict[str, Any] = {"thing_kind": kinds[thing.noun], "thing_key": thing.key, "role": role.key}
        try:
            for name in ("aspect", "letters"):
                fields[name] = read(columns[name], said(concept, name))
        except BadValue as bad:
            self.faults.append(Fault(concept.place, bad.reason, bad.hint))
            return True
        key = NOUNS["responsibilities"].key_from(fields)
        self.at[concept.identifier] = Offered("responsibilities", key, concept.place, fields)
        return True

    def _fault(self, concept: Concept, reason: str) -> None:
        self.faults.append(Fault(concept.place, reason, _("Herstel het model en exporteer het opnieuw.")))
