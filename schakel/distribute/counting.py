"""Behind every figure, the people that it covers: hidden columns are put in a query so that they can be counted.

A product about groups, schools or the board must show of each figure which people stand behind it. A query for which
that cannot be worked out is refused (a gap denies). What a product of that level may look like:

- one SELECT that counts, adds up or averages over tables about people, grouped by things that are not a person;
- WITH parts before it that give rows of people, or that group per person, or that count per group and are then joined;
- figures from `indicator_value`, as they are or added up with SUM;
- anything, when no table about people is read.

How many people there are may be shown, never used to choose, join, group, rank or cut off.
"""

from dataclasses import replace

from sqlglot import exp

from schakel.distribute import aggregates
from schakel.distribute.about_people import APART, MEASURES, People, people_in
from schakel.distribute.aggregates import Aggregate, Same, equals, refs, refused, text
from schakel.distribute.behind import Behind, Carrier, Counted, Given, from_below, is_count, keyed, measure, visible
from schakel.distribute.choosing import links, refuse_choosing_by_count, refuse_windows
from schakel.distribute.naming import Naming
from schakel.distribute.plans import Atom, Mode, Plan
from schakel.distribute.weighing import Weighing
from schakel.distribute.wholes import beside, left_over, wholes
from schakel.engine.sql import Checked, checked
from schakel.engine.sql_scope import Output, Relation, Schema, Source, own_aggregates
from schakel.lib.text import gettext as _


def counted(sql: str, schema: Schema, threshold: int, mode: Mode) -> Plan:
    """The query with its hidden columns. Raises Refused (code `small-groups`) when the people cannot be told.

    Mode `bits` gives per figure a quick lower bound (one bit per hashed key); mode `keys` the keys, up to a few times
    the threshold.
    """
    query = checked(sql, schema)
    work = _Counting(query, threshold, mode)
    plan = work.top(query.relation)
    return replace(plan, query=replace(query, hidden=frozenset(work.exposed)))


class _Counting:
    def __init__(self, query: Checked, threshold: int, mode: Mode) -> None:
        self.query, self.threshold, self.mode = query, threshold, mode
        self.with_staff = "slot.staff_id" in query.elements
        self.sources = {source.alias: source for relation in query.relation.all() for source in relation.sources}
        self.naming = Naming(self.sources, self.reads_people)
        self.weighing = Weighing(self.sources)
        self.exposed: set[str] = set()
        self.rates = False
        self._given: dict[int, Given] = {}
        self._number = 0

    def top(self, relation: Relation) -> Plan:
        """The outermost query: its hidden columns come after the visible ones."""
        plan = Plan(self.query, len(relation.outputs))
        if not self.reads_people(relation):
            return plan
        given = self._pass(relation)
        if given.carriers:
            raise refused(_("Dit product geeft per persoon een rij; de behoefte gaat over groepen."))
        self._cells(plan, relation, given)
        dims = [place for place in range(plan.visible) if self._names_row(relation.outputs[place], place, plan)]
        plan.apart = tuple(p for p in dims if relation.outputs[p].elements & APART)
        plan.dims = tuple(p for p in dims if p not in plan.apart)
        plan.sorted_by_people = self._order_shows_people(relation, plan)
        plan.keys_only = self.rates
        plan.two_modes = any(not atom.hit_number for atom in plan.atoms)
        return plan

    def _cells(self, plan: Plan, relation: Relation, given: Given) -> None:
        places = {output.name: place for place, output in enumerate(relation.outputs)}
        made: dict[Behind, int] = {}
        for place, output in enumerate(relation.outputs[: plan.visible]):
            for item in given.behind.get(output.name, ()):
                if item not in made:
                    made[item] = len(plan.atoms)
                    out = places[item.out] if item.out else None
                    how = (item.hit_number, item.out_number, item.family, item.filtered, item.heads)
                    plan.atoms.append(Atom(places[item.hit], out, *how))
                plan.cells[place] = (*plan.cells.get(place, ()), made[item])
        plan.heads = frozenset(
            place
            for place, atoms in plan.cells.items()
            if all(plan.atoms[atom].heads for atom in atoms) and is_count(relation.outputs[place].expression)
        )
        if self.mode == "keys":
            self._cut(plan, relation)

    def _cut(self, plan: Plan, relation: Relation) -> None:
        """More keys than a few times the threshold are never needed outside the engine."""
        columns = {atom.hit for atom in plan.atoms if not atom.hit_number}
        columns |= {atom.out for atom in plan.atoms if atom.out is not None and not atom.out_number}
        for place in columns:
            value = relation.outputs[place].expression
            value.set("this", f"({value.name})[1:{4 * int(self.threshold)}]")

    @staticmethod
    def _names_row(output: Output, place: int, plan: Plan) -> bool:
        return place not in plan.cells and not own_aggregates(output.expression)

    @staticmethod
    def _order_shows_people(relation: Relation, plan: Plan) -> bool:
        order = relation.node.args.get("order")
        items = [item.this for item in order.expressions] if order is not None and plan.cells else []
        plain = {str(place + 1) for place in range(plan.visible) if place not in plan.cells}
        for item in items:
            if not isinstance(item, exp.Literal):
                raise refused(_("Sorteer op een kolom die getoond wordt."), item)
        shows = any(item.this not in plain for item in items)
        if shows and relation.node.args.get("limit") is not None:
            raise refused(_("LIMIT na sorteren op een getal over mensen verraadt dat getal."))
        return shows

    # What a query reads

    def reads_people(self, relation: Relation) -> bool:
        """Whether a query reads, anywhere, a table about people or figures about people."""
        sources = [source for inner in relation.all() for source in inner.sources]
        if any(s.table == "indicator_value" or (s.table and self._key(s.table)) for s in sources):
            return True
        return any(s.relation is not None and s.relation.name and self.reads_people(s.relation) for s in sources)

    def _key(self, table: str) -> People | None:
        try:
            return people_in(table, with_staff=self.with_staff)
        except KeyError:
            message = _("Van de tabel '%(table)s' is niet bekend over welke mensen hij gaat.") % {"table": table}
            raise refused(message) from None

    def _carriers(self, relation: Relation, *, visible: bool = True) -> list[Carrier]:
        found: list[Carrier] = []
        for source in relation.sources:
            if source.visible is visible:
                found += self._carriers_of(source)
        return found

    def _carriers_of(self, source: Source) -> list[Carrier]:
        if source.relation is not None:
            given = self._pass(source.relation).carriers
            return [Carrier(kind, f'"{source.alias}"."{name}"', source.optional) for name, kind in given.items()]
        people = self._key(source.table or "")
        if people is None:
            return []
        self.exposed.add(f"{source.table}.{people.column}")
        return [Carrier(people.kind, f'"{source.alias}"."{people.column}"', source.optional)]

    def _behind(self, relation: Relation) -> Counted:
        found: Counted = {}
        for source in relation.sources:
            if source.relation is not None:
                for name, behind in self._pass(source.relation).behind.items():
                    found[source.alias, name] = tuple(from_below(item, source.alias) for item in behind)
            elif source.table == "indicator_value":
                self.exposed |= {"indicator_value.people", "indicator_value.people_hit"}
                for element, names in MEASURES.items():
                    column = element.partition(".")[2]
                    found[source.alias, column] = tuple(measure(source.alias, name) for name in names)
        return found

    # One query

    def _pass(self, relation: Relation) -> Given:
        if id(relation) not in self._given:
            self._given[id(relation)] = self._union(relation) if relation.parts else self._select(relation)
        return self._given[id(relation)]

    def _union(self, relation: Relation) -> Given:
        if self.reads_people(relation):
            raise refused(_("UNION ALL kan niet over mensen; maak er twee producten van."))
        return Given()

    def _select(self, relation: Relation) -> Given:
        carriers, behind = self._carriers(relation), self._behind(relation)
        for _name, unused in relation.ctes:
            self._pass(unused)
        self._choosing(relation, carriers)
        refuse_choosing_by_count(relation, set(behind))
        refuse_windows(relation, {carrier.text for carrier in carriers})
        if not (relation.aggregates or relation.node.args.get("distinct")):
            return self._rows(relation, carriers, behind)
        if carriers and behind:
            raise refused(_("Tel eerst per persoon, of tel alles in één keer; door elkaar kan niet."))
        return self._groups(relation, carriers) if carriers else self._sums(relation, behind)

    def _rows(self, relation: Relation, carriers: list[Carrier], behind: Counted) -> Given:
        given = Given({self._hide(relation, carrier.text): carrier.kind for carrier in carriers})
        for output in visible(relation):
            found = list(dict.fromkeys(item for ref in refs(output.expression) for item in behind.get(ref, ())))
            kept = [self._kept(relation, item) for item in found] + self._rate(relation, output.expression, behind)
            kept += self._beside(relation, output, behind)
            if kept:
                given.behind[output.name] = tuple(kept)
        return given

    def _kept(self, relation: Relation, item: Behind) -> Behind:
        out = self._hide(relation, item.out) if item.out else ""
        return replace(item, hit=self._hide(relation, item.hit), out=out)

    def _rate(self, relation: Relation, value: exp.Expr, behind: Counted) -> list[Behind]:
        """For a rate of two counts that were joined: how many of the denominator are not in the numerator."""
        found = []
        for division in value.find_all(exp.Div):
            for top in keyed(division.this, behind):
                for bottom in keyed(division.expression, behind):
                    out = self._rest_of(relation, left_over(bottom.hit, top.hit))
                    found.append(Behind(self._hide(relation, top.hit), out, out_number=True, family=out))
        return found

    def _beside(self, relation: Relation, output: Output, behind: Counted) -> list[Behind]:
        """For a count of people from one query beside that of another: how many are in the other only."""
        mine, found = output.expression, []
        others = [o.expression for o in visible(relation) if o is not output]
        for part in keyed(mine, behind) if isinstance(mine, exp.Column) else []:
            for whole in (w for other in others if isinstance(other, exp.Column) for w in keyed(other, behind)):
                if part.heads and whole.heads and part.hit.split(".")[0] != whole.hit.split(".")[0]:
                    out = self._rest_of(relation, beside(part, whole))
                    found.append(Behind(self._hide(relation, part.hit), out, out_number=True, family=out))
        return found

    # Groups of people

    def _groups(self, relation: Relation, carriers: list[Carrier]) -> Given:
        keys = relation.keys or ([] if relation.aggregates else [output.expression for output in visible(relation)])
        same = Same(relation)
        classes = {same.of(carrier.text): carrier.kind for carrier in carriers}
        if len(classes) > len(set(classes.values())):
            raise refused(_("Koppel de tabellen over mensen aan elkaar op de sleutel van de persoon."))
        covered = {same.of(text(key)): text(key) for key in keys if same.of(text(key)) in classes}
        if covered.keys() == classes.keys():
            return Given({self._hide(relation, key): classes[name] for name, key in covered.items()})
        if covered:
            raise refused(_("Groepeer per leerling of per medewerker, niet per een van de twee."))
        self._refuse_choice_of_groups(relation, keys)
        return self._figures(relation, carriers, same)

    def _refuse_choice_of_groups(self, relation: Relation, keys: list[exp.Expr]) -> None:
        if relation.node.args.get("having") or relation.node.args.get("qualify"):
            raise refused(_("Kiezen op een getal over mensen (HAVING, QUALIFY) verraadt dat getal."))
        if relation is not self.query.relation and relation.node.args.get("limit"):
            raise refused(_("LIMIT kan hier niet: het kiest op een getal over mensen."))
        shown = {text(output.expression) for output in relation.outputs}
        for key in keys:
            if text(key) not in shown and not self.naming.is_neutral(key):
                raise refused(_("Toon alles waarop u groepeert."), key)

    def _figures(self, relation: Relation, carriers: list[Carrier], same: Same) -> Given:
        given = Given()
        figures = [self._read(a) for output in visible(relation) for a in self._counts(output)]
        whole = wholes(figures, carriers, same)
        for output in visible(relation):
            counts = self._counts(output)
            if counts:
                found = [self._figure(relation, count, carriers, same) for count in counts]
                rests = [self._rest(relation, count, same, whole) for count in counts]
                given.behind[output.name] = tuple(b for b in (*found, *rests) if b is not None)
            elif not own_aggregates(output.expression):
                self.naming.check(output.expression)
        if not given.behind:
            raise refused(_("Een lijst van groepen mensen hoort een getal te hebben: tel ze met COUNT."))
        return given

    def _counts(self, output: Output) -> list[exp.Expr]:
        return [a for a in own_aggregates(output.expression) if not self.naming.about_nobody(a)]

    def _figure(self, relation: Relation, node: exp.Expr, carriers: list[Carrier], same: Same) -> Behind:
        what = self._read(node)
        keys = self._concerned(node, carriers, same)
        hit = self._hide(relation, self._people(keys, what.condition, what.matters))
        out = ""
        if what.condition:
            out = self._hide(relation, self._people(keys, f"NOT coalesce({what.condition}, FALSE)", what.present))
        heads = what.heads in keys and len(keys) == 1
        return Behind(hit, out, family=f"{what.family} of {keys}", filtered=bool(what.condition), heads=heads)

    def _read(self, node: exp.Expr) -> Aggregate:
        self.weighing.check(node)
        return aggregates.read(node, self.weighing.is_flag)

    def _rest(self, relation: Relation, node: exp.Expr, same: Same, whole: dict[str, str]) -> Behind | None:
        """Beside a whole that is shown: who is in the whole and not in this count of people."""
        what = self._read(node)
        if what.missing and whole:
            hit, rest = (self._people(sorted(whole.values()), rows) for rows in (what.matters, what.missing))
            return Behind(self._hide(relation, hit), self._hide(relation, rest), family=rest)
        key = whole.get(same.of(what.heads)) if what.heads else None
        hit = self._people([what.heads], what.condition, what.matters)
        if key is None or hit == self._people([key], "", f"({key}) IS NOT NULL"):
            return None
        rest = self._rest_of(relation, left_over(self._people([key]), hit))
        return Behind(self._hide(relation, hit), rest, out_number=True, family=rest)

    def _rest_of(self, relation: Relation, left: str) -> str:
        """A number of people left over; the quick look cannot tell it."""
        self.rates = True
        return self._hide(relation, "NULL" if self.mode == "bits" else left)

    @staticmethod
    def _concerned(node: exp.Expr, carriers: list[Carrier], same: Same) -> list[str]:
        """The key to count, one per kind of person: of the table that is counted, else of one that is always there."""
        named = {table for table, _column in refs(node)}
        best: dict[str, Carrier] = {}
        for carrier in sorted(carriers, key=lambda c: (c.text.split('"')[1] not in named, c.optional)):
            best.setdefault(same.of(carrier.text), carrier)
        mentioned = [c for c in best.values() if c.text.split('"')[1] in named]
        return sorted(carrier.text for carrier in mentioned or best.values())

    def _people(self, keys: list[str], *conditions: str) -> str:
        """Of several kinds of people behind one figure, the smallest group decides."""
        parts = []
        for key in keys:
            only = " AND ".join(f"({part})" for part in (*conditions, f"{key} IS NOT NULL") if part)
            what = (
                f"bit_or(1::BIGINT << (hash({key}) % 62)::INTEGER)" if self.mode == "bits" else f"list(DISTINCT {key})"
            )
            parts.append(f"({what} FILTER (WHERE {only}))")
        size = "bit_count" if self.mode == "bits" else "len"
        found = parts[0]
        for part in parts[1:]:
            found = f"CASE WHEN {size}({part}) < {size}({found}) THEN {part} ELSE coalesce({found}, {part}) END"
        return found

    # Figures that were counted before

    def _sums(self, relation: Relation, behind: Counted) -> Given:
        given = Given()
        for output in visible(relation):
            found = [b for node in own_aggregates(output.expression) for b in self._sum(relation, node, behind)]
            if found:
                given.behind[output.name] = tuple(dict.fromkeys(found))
        return given

    def _sum(self, relation: Relation, node: exp.Expr, behind: Counted) -> list[Behind]:
        inside = list(dict.fromkeys(item for ref in refs(node) for item in behind.get(ref, ())))
        if not inside:
            return []
        self.weighing.check(node)
        if not all(item.hit_number for item in inside) or not aggregates.read(node).adds_up:
            raise refused(_("Tel deze cijfers op met SUM; iets anders kan niet over mensen."), node)
        condition = aggregates.read(node).condition
        only = f" FILTER (WHERE {condition})" if condition else ""
        return [
            replace(
                item,
                hit=self._hide(relation, f"sum({item.hit}){only}"),
                out=self._hide(relation, f"sum({item.out}){only}") if item.out else "",
                filtered=bool(condition),
            )
            for item in inside
        ]

    # Choosing people

    def _choosing(self, relation: Relation, carriers: list[Carrier]) -> None:
        """A subquery or a SEMI JOIN may choose people by facts about those same people, and do nothing else."""
        outside = {carrier.text for carrier in carriers}
        for inner in relation.subqueries:
            if self.reads_people(inner) and not self._chooses_own(relation, inner, outside):
                raise refused(_("Kies mensen met IN of EXISTS op hun eigen sleutel."), inner.node)
        for source in relation.sources:
            if not source.visible and (source.table == "indicator_value" or self._carriers_of(source)):
                joined = {carrier.text for carrier in self._carriers_of(source)}
                join = source.node.parent
                if join is None or not links(equals([join.args.get("on")]), joined, outside):
                    raise refused(_("Kies mensen op hun eigen sleutel."), source.node)

    def _chooses_own(self, relation: Relation, inner: Relation, outside: set[str]) -> bool:
        args = inner.node.args
        if inner.parts or inner.aggregates or inner.subqueries or self._behind(inner) or args.get("limit"):
            return False
        inside = {carrier.text for carrier in self._carriers(inner)}
        refuse_windows(inner, inside)
        self._choosing(inner, self._carriers(inner))
        holder, where = inner.node.parent, relation.node.args.get("where")
        if isinstance(holder, exp.Subquery):
            holder = holder.parent
        if where is None or holder is None or holder.find_ancestor(exp.Where) is not where:
            return False
        if isinstance(holder, exp.In):
            return text(holder.this) in outside and text(inner.outputs[0].expression) in inside
        condition = args.get("where")
        return isinstance(holder, exp.Exists) and links(
            equals([condition.this if condition else None]), inside, outside
        )

    def _hide(self, relation: Relation, value: str) -> str:
        """Add a hidden column; the same text gives the same column."""
        for output in relation.outputs:
            if text(output.expression) == value:
                return output.name
        self._number += 1
        name = f"§{self._number}"
        column = exp.Var(this=value)
        relation.node.append("expressions", exp.alias_(column, exp.to_identifier(name, quoted=True), copy=False))
        relation.outputs.append(Output(name, column, frozenset()))
        return name
