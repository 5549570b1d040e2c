"""Which column is meant: every name in a checked query is led back to the base columns that it is made of.

Afterwards the tree has names of our own for every table, so that nothing in it can be mistaken for anything else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from schakel.engine.sql_allowed import AGGREGATES, refused
from schakel.lib.text import gettext as _

Schema = Mapping[str, Mapping[str, str]]
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass
class Output:
    """A column that a query gives: its name, what it is computed from, and the base columns in that."""

    name: str
    expression: exp.Expr
    elements: frozenset[str]


@dataclass
class Source:
    """A table in FROM: our own name for it, and the base table or the query that it stands for."""

    alias: str
    node: exp.Expr
    table: str | None = None
    relation: "Relation | None" = None
    columns: dict[str, str] = field(default_factory=dict)  # name as it may be written -> name as it is
    visible: bool = True  # False for the right side of a SEMI or ANTI join
    optional: bool = False  # may be absent: the far side of an outer join

    def elements_of(self, column: str) -> frozenset[str]:
        """The base columns behind one column."""
        if self.relation is None:
            return frozenset({f"{self.table}.{column}"})
        return next(output.elements for output in self.relation.outputs if output.name == column)


@dataclass
class Relation:
    """A query, resolved: what it reads and what it gives. `parts` are the sides of a UNION ALL."""

    node: exp.Query
    outputs: list[Output] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    ctes: "list[tuple[str, Relation]]" = field(default_factory=list)
    parts: "list[Relation]" = field(default_factory=list)
    subqueries: "list[Relation]" = field(default_factory=list)
    keys: list[exp.Expr] = field(default_factory=list)  # GROUP BY
    name: str = ""

    @property
    def aggregates(self) -> bool:
        """Whether its rows are groups of rows."""
        if self.parts:
            return False
        having = self.node.args.get("having")
        return bool(self.keys or having) or any(own_aggregates(output.expression) for output in self.outputs)

    def inside(self) -> "Iterator[Relation]":
        """The queries directly within this one."""
        yield from (relation for _name, relation in self.ctes)
        yield from self.parts
        yield from self.subqueries
        yield from (s.relation for s in self.sources if s.relation and not s.relation.name)

    def all(self) -> "Iterator[Relation]":
        """This query and every query within it, once each."""
        yield self
        for relation in self.inside():
            yield from relation.all()


def own_aggregates(node: exp.Expr) -> list[exp.Expr]:
    """The aggregates (with their FILTER) in an expression, not those over a window, not those in a subquery."""
    found: list[exp.Expr] = []
    _gather(node, found)
    return found


def _gather(node: exp.Expr, found: list[exp.Expr]) -> None:
    if isinstance(node, exp.Query | exp.Subquery):
        return
    if isinstance(node, exp.Window):
        inner = node.this.this if isinstance(node.this, exp.Filter) else node.this
        rest = [node.args.get("order"), *node.args.get("partition_by", [])]
        for part in (*inner.iter_expressions(), *rest):
            if isinstance(part, exp.Expr):
                _gather(part, found)
        return
    if isinstance(node, AGGREGATES) or (isinstance(node, exp.Filter) and isinstance(node.this, AGGREGATES)):
        found.append(node)
        return
    for part in node.iter_expressions():
        _gather(part, found)


@dataclass
class _Scope:
    sources: list[Source]
    outer: "_Scope | None" = None


def key(name: str) -> str:
    """A name as DuckDB compares it: only the letters A to Z lose their case."""
    return name.translate(_LOWER)


class Resolver:
    """Walks a checked tree once, from the outside in. `elements` gathers every base column that is met anywhere."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.elements: set[str] = set()
        self.tables: set[str] = set()
        self.needs_day = False
        self._count = 0

    def query(self, node: exp.Expr, ctes: dict[str, Relation], outer: _Scope | None = None) -> Relation:
        """Resolve one query; `ctes` are the named queries in view, `outer` the query around it."""
        if not isinstance(node, exp.Select | exp.Union):
            raise refused(_("Begin de vraag met SELECT."), node)
        relation = Relation(node)
        ctes = self._ctes(node, dict(ctes), relation)
        if isinstance(node, exp.Union):
            self._union(node, ctes, outer, relation)
        else:
            self._select(node, ctes, outer, relation)
        return relation

    def _ctes(self, node: exp.Query, ctes: dict[str, Relation], relation: Relation) -> dict[str, Relation]:
        for cte in node.ctes:
            name = key(cte.alias)
            if name in self.schema or name in ctes:
                text = _("De naam '%(name)s' is al van een tabel of deelvraag; kies een andere.") % {"name": cte.alias}
                raise refused(text)
            found = self.query(cte.this, ctes)
            found.name = self._name("q")
            cte.set("materialized", None)
            cte.set("alias", exp.TableAlias(this=exp.to_identifier(found.name, quoted=True)))
            relation.ctes.append((found.name, found))
            ctes[name] = found
        return ctes

    def _union(self, node: exp.Union, ctes: dict[str, Relation], outer: _Scope | None, relation: Relation) -> None:
        for side in (node.this, node.expression):
            if not isinstance(side, exp.Select | exp.Union):
                raise refused(_("Zet geen haakjes om een deel van UNION ALL."), side)
            relation.parts.append(self.query(side, ctes, outer))
        left, right = (part.outputs for part in relation.parts)
        if len(left) != len(right):
            raise refused(_("De delen van UNION ALL geven niet evenveel kolommen."))
        relation.outputs = [
            Output(a.name, a.expression, a.elements | b.elements) for a, b in zip(left, right, strict=True)
        ]
        self._order(node, relation, None)

    def _select(self, node: exp.Select, ctes: dict[str, Relation], outer: _Scope | None, relation: Relation) -> None:
        scope = _Scope([], outer)
        self._from(node, ctes, scope)
        relation.sources = scope.sources
        resolve = _Names(self, scope, ctes, relation)
        for join in node.args.get("joins") or []:
            if join.args.get("on") is not None:
                resolve.into(join, "on")
        self._outputs(node, relation, resolve)
        if node.args.get("where"):
            resolve.into(node.args["where"], "this")
        self._group(node, relation, resolve)
        for clause in ("having", "qualify"):
            if node.args.get(clause):
                resolve.into(node.args[clause], "this", relation.outputs)
        self._order(node, relation, resolve)

    def _from(self, node: exp.Select, ctes: dict[str, Relation], scope: _Scope) -> None:
        if node.args.get("from_") is None:
            return
        self._source(node.args["from_"].this, ctes, scope)
        for join in node.args.get("joins") or []:
            source = self._source(join.this, ctes, scope)
            side, kind = str(join.args.get("side") or "").upper(), str(join.args.get("kind") or "").upper()
            source.visible = kind not in ("SEMI", "ANTI")
            source.optional = side in ("LEFT", "FULL")
            for earlier in scope.sources[:-1] if side in ("RIGHT", "FULL") else []:
                earlier.optional = True

    def _source(self, node: exp.Expr, ctes: dict[str, Relation], scope: _Scope) -> Source:
        alias = self._name("t")
        if isinstance(node, exp.Subquery):
            if not node.alias:
                raise refused(_("Geef de deelvraag een naam met AS."), node)
            written, source = node.alias, Source(alias, node, relation=self.query(node.this, ctes))
        else:
            written, source = node.alias or node.name, self._named(node, ctes, alias)
        if any(key(written) == key(other.node.meta["written"]) for other in scope.sources):
            raise refused(_("De naam '%(name)s' staat twee keer in FROM.") % {"name": written})
        names = [o.name for o in source.relation.outputs] if source.relation else list(self.schema[source.table or ""])
        source.columns = {key(name): name for name in names}
        node.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
        node.meta["written"] = written
        scope.sources.append(source)
        return source

    def _named(self, node: exp.Expr, ctes: dict[str, Relation], alias: str) -> Source:
        name = key(node.name)
        if name in ctes:
            node.set("this", exp.to_identifier(ctes[name].name, quoted=True))
            return Source(alias, node, relation=ctes[name])
        if name not in self.schema:
            raise refused(_("Het schoolmodel kent geen tabel '%(name)s'.") % {"name": node.name[:60]})
        node.set("this", exp.to_identifier(name, quoted=True))
        self.tables.add(name)
        return Source(alias, node, table=name)

    def _outputs(self, node: exp.Select, relation: Relation, resolve: "_Names") -> None:
        seen: set[str] = set()
        for place, item in enumerate(list(node.expressions)):
            name = item.alias_or_name
            if not isinstance(item, exp.Alias | exp.Column):
                raise refused(_("Geef deze kolom een naam met AS."), item)
            if key(name) in seen:
                raise refused(_("De kolom '%(name)s' staat er twee keer.") % {"name": name})
            seen.add(key(name))
            value = resolve.tree(item.this if isinstance(item, exp.Alias) else item)
            node.expressions[place] = exp.alias_(value, exp.to_identifier(name, quoted=True), copy=False)
            node.expressions[place].parent, node.expressions[place].arg_key = node, "expressions"
            node.expressions[place].index = place
            relation.outputs.append(Output(name, value, resolve.elements(value)))

    def _group(self, node: exp.Select, relation: Relation, resolve: "_Names") -> None:
        group = node.args.get("group")
        if group is None:
            return
        for place, item in enumerate(list(group.expressions)):
            place_meant = _ordinal(item, len(relation.outputs))
            if place_meant is None:
                value = resolve.tree(item, relation.outputs)
                same = [n for n, output in enumerate(relation.outputs) if output.expression == value]
                place_meant = same[0] if same else None
            else:
                value = relation.outputs[place_meant].expression
            relation.keys.append(value)
            text = value if place_meant is None else exp.Literal.number(place_meant + 1)
            group.expressions[place] = text.copy() if place_meant is None else text
        group.set("expressions", list(group.expressions))

    def _order(self, node: exp.Query, relation: Relation, resolve: "_Names | None") -> None:
        order = node.args.get("order")
        for item in order.expressions if order is not None else []:
            place = _ordinal(item.this, len(relation.outputs))
            if place is None and isinstance(item.this, exp.Column) and not item.this.table:
                named = [n for n, output in enumerate(relation.outputs) if key(output.name) == key(item.this.name)]
                place = named[0] if named else None
            if place is not None:
                item.set("this", exp.Literal.number(place + 1))
            elif resolve is None:
                raise refused(_("Sorteer UNION ALL op een kolom die hij geeft."), item)
            else:
                resolve.into(item, "this", relation.outputs)

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"


class _Names:
    """Resolves the names in the expressions of one SELECT."""

    def __init__(self, resolver: Resolver, scope: _Scope, ctes: dict[str, Relation], relation: Relation) -> None:
        self.resolver, self.scope, self.ctes, self.relation = resolver, scope, ctes, relation

    def into(self, node: exp.Expr, part: str, outputs: list[Output] | None = None) -> None:
        """Resolve one part of a clause and put it back."""
        node.set(part, self.tree(node.args[part], outputs))

    def tree(self, node: exp.Expr, outputs: list[Output] | None = None) -> exp.Expr:
        """The same expression with every column led to its table; `outputs` may be meant by their name too."""
        if isinstance(node, exp.Column):
            return self._column(node, outputs)
        if isinstance(node, exp.Select | exp.Union):
            self.relation.subqueries.append(self.resolver.query(node, self.ctes, self.scope))
            return node
        if isinstance(node, exp.CurrentDate | exp.Placeholder):
            self.resolver.needs_day = True
            return exp.cast(exp.Placeholder(this="day"), exp.DType.DATE)
        for name, value in list(node.args.items()):
            if isinstance(value, list):
                node.set(name, [self.tree(v, outputs) if isinstance(v, exp.Expr) else v for v in value])
            elif isinstance(value, exp.Expr) and not isinstance(value, exp.Identifier):
                node.set(name, self.tree(value, outputs))
        return node

    def _column(self, node: exp.Column, outputs: list[Output] | None) -> exp.Expr:
        if not isinstance(node.this, exp.Identifier):
            raise refused(_("Noem de kolommen één voor één; * kan niet."), node)
        found = self._find(node)
        if found is None:
            alias = [o for o in outputs or [] if not node.table and key(o.name) == key(node.name)]
            if alias:
                return alias[0].expression.copy()
            raise refused(_("De kolom '%(name)s' staat in geen van de tabellen.") % {"name": node.sql()[:80]})
        source, column = found
        if source.table is not None:
            self.resolver.elements.add(f"{source.table}.{column}")
        resolved = exp.column(column, table=source.alias, quoted=True)
        resolved.meta["elements"] = source.elements_of(column)
        return resolved

    def _find(self, node: exp.Column) -> tuple[Source, str] | None:
        scope: _Scope | None = self.scope
        while scope is not None:
            sources = [s for s in scope.sources if not node.table or key(s.node.meta["written"]) == key(node.table)]
            hits = [(s, s.columns[key(node.name)]) for s in sources if key(node.name) in s.columns]
            if len(hits) > 1:
                text = _("De kolom '%(name)s' staat in meer dan één tabel; zet de tabel ervoor.") % {"name": node.name}
                raise refused(text)
            if hits:
                return hits[0]
            if node.table and sources:
                return None
            scope = scope.outer
        return None

    @staticmethod
    def elements(value: exp.Expr) -> frozenset[str]:
        """The base columns in a resolved expression."""
        return frozenset().union(*(c.meta.get("elements", frozenset()) for c in value.find_all(exp.Column)))


def _ordinal(node: exp.Expr, count: int) -> int | None:
    if not isinstance(node, exp.Literal):
        return None
    if node.is_string or not node.this.isdigit() or not 1 <= int(node.this) <= count:
        raise refused(_("Dit nummer wijst geen kolom aan."), node)
    return int(node.this) - 1
