"""The small part of SQL that a product may be written in: an allow-list of constructs and of what each may carry.

Whatever is not listed here is refused, also what a later version of the parser learns to read (a gap denies).
"""

from collections.abc import Callable

from sqlglot import exp

from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

MAX_LENGTH = 20_000
MAX_NODES = 4_000

_BINARY = {"this", "expression"}

# Construct -> the parts that it may carry. A part that is absent, empty or False is always fine.
_STRUCTURE: dict[type[exp.Expr], set[str]] = {
    exp.Select: {
        "expressions", "from_", "joins", "where", "group", "having", "qualify", "order", "limit", "offset",
        "distinct", "with_",
    },
    exp.Union: {"this", "expression", "with_", "order", "limit", "offset"},
    exp.With: {"expressions"},
    exp.CTE: {"this", "alias", "materialized"},
    exp.Subquery: {"this", "alias"},
    exp.Table: {"this", "alias"},
    exp.TableAlias: {"this"},
    exp.Alias: {"this", "alias"},
    exp.Identifier: {"this", "quoted"},
    exp.Column: {"this", "table"},
    exp.From: {"this"},
    exp.Join: {"this", "side", "kind", "on"},
    exp.Where: {"this"},
    exp.Group: {"expressions"},
    exp.Having: {"this"},
    exp.Qualify: {"this"},
    exp.Order: {"this", "expressions"},
    exp.Ordered: {"this", "desc", "nulls_first"},
    exp.Limit: {"expression"},
    exp.Offset: {"expression"},
    exp.Distinct: {"expressions"},
    exp.Window: {"this", "partition_by", "order", "spec", "over"},
    exp.WindowSpec: {"kind", "start", "start_side", "end", "end_side"},
    exp.Filter: {"this", "expression"},
}  # fmt: skip
_VALUES: dict[type[exp.Expr], set[str]] = {
    exp.Literal: {"this", "is_string"},
    exp.Null: set(),
    exp.Boolean: {"this"},
    exp.Star: set(),
    exp.Var: {"this"},
    exp.Interval: {"this", "unit"},
    exp.Placeholder: {"this"},
    exp.Cast: {"this", "to"},
    exp.TryCast: {"this", "to", "safe"},
    exp.DataType: {"this", "expressions"},
    exp.DataTypeParam: {"this"},
    exp.Case: {"this", "ifs", "default"},
    exp.If: {"this", "true", "false"},
}
_CONDITIONS: dict[type[exp.Expr], set[str]] = {
    **dict.fromkeys((exp.And, exp.Or, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is), _BINARY),
    **dict.fromkeys((exp.Like, exp.ILike, exp.NullSafeEQ, exp.NullSafeNEQ), _BINARY),
    **dict.fromkeys((exp.Not, exp.Paren, exp.Neg, exp.Exists), {"this"}),
    exp.In: {"this", "expressions", "query"},
    exp.Between: {"this", "low", "high"},
}
_ARITHMETIC: dict[type[exp.Expr], set[str]] = {
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.IntDiv), _BINARY),
    exp.Div: {"this", "expression", "typed", "safe"},
    exp.DPipe: {"this", "expression", "safe"},
}
_FUNCTIONS: dict[type[exp.Expr], set[str]] = {
    **dict.fromkeys(
        (exp.Abs, exp.Sign, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Floor, exp.LastDay, exp.CurrentDate),
        {"this"},
    ),
    **dict.fromkeys((exp.Year, exp.Month, exp.Day, exp.Quarter, exp.Week, exp.DayOfWeekIso), {"this"}),
    **dict.fromkeys((exp.Nullif, exp.Left, exp.Right, exp.Extract), _BINARY),
    exp.Ceil: {"this"},
    exp.Round: {"this", "decimals"},
    exp.Coalesce: {"this", "expressions"},
    exp.Greatest: {"this", "expressions", "ignore_nulls"},
    exp.Least: {"this", "expressions", "ignore_nulls"},
    exp.Concat: {"expressions", "coalesce", "safe"},
    exp.ConcatWs: {"expressions", "coalesce", "safe"},
    exp.Substring: {"this", "start", "length"},
    exp.DateDiff: {"this", "expression", "unit", "date_part_boundary"},
    exp.DateTrunc: {"this", "unit"},
    exp.TimestampTrunc: {"this", "unit"},
    exp.TimeToStr: {"this", "format"},
    exp.DateFromParts: {"year", "month", "day"},
}
_AGGREGATES: dict[type[exp.Expr], set[str]] = {
    **dict.fromkeys((exp.Sum, exp.Avg, exp.Min, exp.Max, exp.CountIf, exp.Median, exp.AnyValue), {"this"}),
    **dict.fromkeys((exp.LogicalOr, exp.LogicalAnd, exp.Stddev, exp.StddevSamp), {"this"}),
    exp.Count: {"this", "big_int"},
    exp.IgnoreNulls: {"this"},
    exp.ArgMax: _BINARY,
    exp.ArgMin: _BINARY,
    exp.GroupConcat: {"this", "separator"},
}
_RANKINGS: dict[type[exp.Expr], set[str]] = {
    **dict.fromkeys((exp.RowNumber, exp.Rank, exp.DenseRank), set()),
    **dict.fromkeys((exp.FirstValue, exp.LastValue), {"this"}),
    exp.Lag: {"this", "offset", "default"},
    exp.Lead: {"this", "offset", "default"},
}
ALLOWED = {**_STRUCTURE, **_VALUES, **_CONDITIONS, **_ARITHMETIC, **_FUNCTIONS, **_AGGREGATES, **_RANKINGS}
AGGREGATES: tuple[type[exp.Expr], ...] = tuple(kind for kind in _AGGREGATES if kind is not exp.IgnoreNulls)
RANKINGS: tuple[type[exp.Expr], ...] = tuple(_RANKINGS)

_PLAIN_TYPES = {
    exp.DType[name]
    for name in (
        "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "DATE", "TIME", "TIMESTAMP",
        "TEXT", "VARCHAR",
    )
}  # fmt: skip
_JOINS = {("", "INNER"), ("", ""), ("LEFT", ""), ("RIGHT", ""), ("FULL", ""), ("LEFT", "OUTER"), ("RIGHT", "OUTER"),
          ("FULL", "OUTER"), ("", "SEMI"), ("", "ANTI"), ("", "CROSS")}  # fmt: skip
_UNITS = {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "ISODOW", "ISOYEAR", "DOW", "DOY"}
_PLURAL_UNITS = {unit + "S" for unit in _UNITS}

# How the most usual refusals are called; anything else is called by its own text.
_NAMES: dict[type[exp.Expr], str] = {
    exp.Command: "een opdracht", exp.Install: "INSTALL", exp.Insert: "INSERT", exp.Update: "UPDATE",
    exp.Delete: "DELETE",
    exp.Merge: "MERGE", exp.Create: "CREATE", exp.Drop: "DROP", exp.Alter: "ALTER", exp.Attach: "ATTACH",
    exp.Detach: "DETACH", exp.Copy: "COPY", exp.Set: "SET", exp.Pragma: "PRAGMA", exp.Use: "USE",
    exp.Show: "SHOW", exp.Describe: "DESCRIBE", exp.Summarize: "SUMMARIZE", exp.Into: "SELECT INTO",
    exp.Lateral: "LATERAL", exp.Pivot: "PIVOT", exp.TableSample: "een steekproef (SAMPLE)",
    exp.Columns: "COLUMNS()", exp.Lock: "FOR UPDATE", exp.Values: "VALUES", exp.Array: "een lijst",
    exp.Struct: "een STRUCT", exp.Bracket: "een greep uit een lijst of tekst ([ ])", exp.Lambda: "een lambda",
    exp.Dot: "een deel van een kolom", exp.Explode: "UNNEST", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT",
    exp.PositionalColumn: "een kolom op nummer (#1)", exp.GroupingSets: "GROUPING SETS", exp.Rollup: "ROLLUP",
    exp.Cube: "CUBE", exp.Tuple: "een rij van waarden", exp.Collate: "COLLATE",
}  # fmt: skip


def refused(message: str, node: exp.Expr | None = None) -> Refused:
    """A refusal that says what and where: the sentence, and the fragment of the query."""
    where = "" if node is None else fragment(node)
    return Refused(message, code="sql", where=f"«{where}»" if where else "")


def fragment(node: exp.Expr) -> str:
    """The text of a part of a query, short enough to stand in a message."""
    text = " ".join(node.sql(dialect="duckdb", comments=False).split())
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004


def check(tree: exp.Expr) -> None:
    """Raises Refused for the first construct, function, type or part that is not allowed."""
    for count, node in enumerate(tree.walk(bfs=True)):
        if count > MAX_NODES:
            raise refused(_("De vraag is te groot. Maak haar korter."))
        _check_node(node)


def _check_node(node: exp.Expr) -> None:
    parts = ALLOWED.get(type(node))
    if parts is None:
        raise refused(_("Hier niet toegestaan: %(what)s.") % {"what": _called(node)}, node)
    rule = _RULES.get(type(node))
    if rule is not None:
        rule(node)
    if any(node.args.get(name) in (None, []) for name in node.required_args):
        raise refused(_("Hier ontbreekt een deel van de vraag."), node)
    for name, value in node.args.items():
        if name not in parts and value not in (None, False, [], ""):
            _refuse_part(node, name, value)


def _called(node: exp.Expr) -> str:
    if type(node) in _NAMES:
        return _NAMES[type(node)]
    if isinstance(node, exp.Anonymous):
        return _("de functie %(name)s") % {"name": str(node.this).lower()[:40]}
    if isinstance(node, exp.Func):
        return _("de functie %(name)s") % {"name": node.sql_name().lower()[:40]}
    return type(node).__name__


def _refuse_part(node: exp.Expr, name: str, value: object) -> None:
    first = value[0] if isinstance(value, list) and value else value
    if name in ("db", "catalog"):
        message = _("Noem alleen tabellen van het schoolmodel, zonder schema of database ervoor.")
    elif name == "columns":
        message = _("Geef kolommen een naam met AS, niet in een lijst achter de tabel.")
    elif name in ("using", "method") and isinstance(node, exp.Join):
        message = _("Koppel tabellen met JOIN … ON, niet met USING, NATURAL, ASOF of POSITIONAL.")
    elif name == "recursive":
        message = _("Hier niet toegestaan: %(what)s.") % {"what": "WITH RECURSIVE"}
    elif isinstance(first, exp.Expr) and type(first) not in ALLOWED:
        message = _("Hier niet toegestaan: %(what)s.") % {"what": _called(first)}
    else:
        message = _("Hier niet toegestaan: %(what)s.") % {"what": name.strip("_").replace("_", " ").upper()}
    raise refused(message, node)


def _check_table(node: exp.Expr) -> None:
    if not isinstance(node.this, exp.Identifier):
        raise refused(_("Een functie is geen tabel van het schoolmodel."), node)


def _check_join(node: exp.Expr) -> None:
    side, kind = str(node.args.get("side") or "").upper(), str(node.args.get("kind") or "").upper()
    if (side, kind) not in _JOINS:
        raise refused(_("Hier niet toegestaan: %(what)s.") % {"what": f"{side} {kind} JOIN".strip()}, node)
    if (node.args.get("on") is None) != (kind == "CROSS"):
        raise refused(_("Koppel tabellen met JOIN … ON."), node)


def _check_type(node: exp.Expr) -> None:
    if node.this not in _PLAIN_TYPES or any(not isinstance(part, exp.DataTypeParam) for part in node.expressions):
        raise refused(_("Hier niet toegestaan: dit type kolom."), node)


def _check_unit(node: exp.Expr) -> None:
    unit = node.args.get("unit") if "unit" in node.arg_types else node.this
    if unit is None or str(unit.name).upper() not in _UNITS | _PLURAL_UNITS:
        raise refused(_("Hier niet toegestaan: deze tijdseenheid."), node)


def _check_var(node: exp.Expr) -> None:
    if str(node.this).upper() not in _UNITS | _PLURAL_UNITS:
        raise refused(_("Hier niet toegestaan: %(what)s.") % {"what": str(node.this)[:40]}, node.parent or node)


def _check_limit(node: exp.Expr) -> None:
    value = node.expression
    if not (isinstance(value, exp.Literal) and not value.is_string and value.this.isdigit()):
        raise refused(_("Achter LIMIT en OFFSET hoort een geheel getal."), node)


def _check_star(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Count):
        raise refused(_("Noem de kolommen één voor één; * kan niet."), node.parent)


def _check_literal(node: exp.Expr) -> None:
    if any(ord(sign) < 32 and sign not in "\t\n" for sign in str(node.this)):  # noqa: PLR2004
        raise refused(_("In een tekst staan tekens die niet kunnen."))


def _check_placeholder(node: exp.Expr) -> None:
    if str(node.this or "").lower() != "today":
        raise refused(_("De enige parameter is $today."), node)


def _check_current_date(node: exp.Expr) -> None:
    if node.this is not None:
        raise refused(_("Hier niet toegestaan: een tijdzone."), node)


def _check_distinct(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Select | exp.Count):
        raise refused(_("DISTINCT kan in SELECT en in COUNT."), node.parent)


def _check_union(node: exp.Expr) -> None:
    if node.args.get("distinct"):
        raise refused(_("Gebruik UNION ALL."), node)


def _check_identifier(node: exp.Expr) -> None:
    # § begins the names of the hidden columns that count people: nobody else may write it.
    name = str(node.this)
    if not name or len(name) > 63 or not name.isprintable() or any(sign in name for sign in "\"'`\\;§\ufeff"):  # noqa: PLR2004
        raise refused(_("In een naam staan tekens die niet kunnen."))


def _check_interval(node: exp.Expr) -> None:
    if not isinstance(node.this, exp.Literal):
        raise refused(_("Achter INTERVAL hoort een vast getal."), node)
    _check_unit(node)


def _check_ignore_nulls(node: exp.Expr) -> None:
    if not isinstance(node.this, exp.AnyValue):  # the parser wraps any_value() in it
        raise refused(_("Hier niet toegestaan: %(what)s.") % {"what": "IGNORE NULLS"}, node)


def _check_format(node: exp.Expr) -> None:
    if not isinstance(node.args.get("format"), exp.Literal):
        raise refused(_("De opmaak van een datum is een vaste tekst."), node)


_RULES: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Table: _check_table,
    exp.Join: _check_join,
    exp.DataType: _check_type,
    exp.DateDiff: _check_unit,
    exp.DateTrunc: _check_unit,
    exp.TimestampTrunc: _check_unit,
    exp.Extract: _check_unit,
    exp.Interval: _check_interval,
    exp.Var: _check_var,
    exp.Limit: _check_limit,
    exp.Offset: _check_limit,
    exp.Star: _check_star,
    exp.Literal: _check_literal,
    exp.Placeholder: _check_placeholder,
    exp.CurrentDate: _check_current_date,
    exp.Distinct: _check_distinct,
    exp.Union: _check_union,
    exp.Identifier: _check_identifier,
    exp.TimeToStr: _check_format,
    exp.IgnoreNulls: _check_ignore_nulls,
}
