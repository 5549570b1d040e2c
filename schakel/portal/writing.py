"""Writing an overview at an approved need: the page, looking whether it fits, saving it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from schakel.chain.needs import InformationNeed
from schakel.distribute import writing
from schakel.distribute.products import SHAPES, Product
from schakel.engine.sql_allowed import MAX_LENGTH
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.portal.asking import UNFINISHED
from schakel.portal.guard import needs
from schakel.portal.pages import writing as pages
from schakel.portal.pages.writing import FORMATS, Written
from schakel.portal.steps import need_of
from schakel.portal.views import who

LONGEST_NAME, LONGEST_TEXT, LONGEST_KEY = 200, 300, 48
CONFLICT = 409
ASKED = ("nl", "en", "format", "optional", "show")  # about a column; a kit may say more


@needs("product.write")
@require_GET
def new(request: HttpRequest, key: str) -> HttpResponse:
    """An empty page at an approved need."""
    return _drawn(request, _approved(key), None, Written())


@needs("product.write")
@require_GET
def change(request: HttpRequest, key: str, product: str) -> HttpResponse:
    """A product of this need as it stands."""
    need, found = _approved(key), _product(key, product)
    return _drawn(request, need, found, pages.of(found))


@needs("product.write")
@require_POST
def look(request: HttpRequest, key: str) -> HttpResponse:
    """The same page with what was written, and whether it would be delivered. Nothing is kept and nothing is run."""
    need = _approved(key)
    return _again(request, need, _named(request, key), written(request.POST), {})


@needs("product.write")
@require_POST
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep it, by the function that a kit uses. What does not fit is not kept: what was live stays live."""
    need, found, draft = _approved(key), _named(request, key), written(request.POST)
    review = writing.review(need, draft.sql, draft.optional)
    mistakes = _missing(draft, review)
    if mistakes:
        return _again(request, need, found, draft, mistakes)
    name = found.key if found else key_for(draft.nl)
    try:
        made = writing.save(who(request), need, name, request.POST.get("stand", ""), **_fields(draft, review, found))
    except ValidationError as error:
        mistakes = {field: " ".join(texts) for field, texts in error.message_dict.items()}
        return _again(request, need, found, draft, mistakes)
    except Refused as refusal:
        if refusal.code != "stale":
            raise
        return _drawn(request, need, found, draft, mistakes={"stale": refusal.message}, status=CONFLICT)
    messages.success(request, _("Opgeslagen. Wie bij de doelgroep hoort ziet het meteen bij de overzichten."))
    return redirect(f"/behoeften/{key}/overzichten/{made.key}")


def written(data: QueryDict) -> Written:
    """What stands in the form; columns without a name of their own are described later, by what they are made of."""
    return Written(
        nl=_line(data, "titel"), en=_line(data, "titel-en"),
        shape=data.get("vorm", "") if data.get("vorm") in SHAPES else "table",
        sql=data.get("sql", "").replace("\r\n", "\n")[: MAX_LENGTH + 1], sort=_line(data, "orden"),
        empty_nl=_line(data, "leeg", LONGEST_TEXT), empty_en=_line(data, "leeg-en", LONGEST_TEXT),
        columns=tuple(_column(data, key) for key in dict.fromkeys(data.getlist("kolom"))),
    )  # fmt: skip


def key_for(title: str) -> str:
    """A readable address for an overview that does not exist yet."""
    start = slugify(title)[:LONGEST_KEY].strip("-") or "overzicht"
    taken = set(Product.objects.filter(key__startswith=start).values_list("key", flat=True))
    return next(key for key in (start, *(f"{start}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def _line(data: QueryDict, name: str, longest: int = LONGEST_NAME) -> str:
    return " ".join(data.get(name, "").split())[:longest]


def _column(data: QueryDict, key: str) -> dict[str, Any]:
    said = {"key": key[:63], "nl": _line(data, f"k-{key}-nl"), "en": _line(data, f"k-{key}-en")}
    format_ = data.get(f"k-{key}-vorm", "")
    spec: dict[str, Any] = {name: value for name, value in said.items() if value}
    if format_ in FORMATS:
        spec["format"] = format_
    return spec | ({"optional": True} if f"k-{key}-missen" in data else {}) | _unshown(data, key)


def _unshown(data: QueryDict, key: str) -> dict[str, Any]:
    return {"show": False} if f"k-{key}-verberg" in data else {}


def _fields(draft: Written, review: writing.Review, found: Product | None) -> dict[str, Any]:
    return {
        "nl": draft.nl, "en": draft.en, "shape": draft.shape, "sql": draft.sql,
        "columns": _columns(draft, review, found), "sort": _sort(draft),
        "empty": {name: text for name, text in (("nl", draft.empty_nl), ("en", draft.empty_en)) if text},
    }  # fmt: skip


def _columns(draft: Written, review: writing.Review, found: Product | None) -> list[dict[str, Any]]:
    """Each column with its description; what the page does not ask (words for values) stays as the kit gave it."""
    before = {str(each["key"]): each for each in (found.columns if found else ()) if isinstance(each, dict)}
    said = [{**_unasked(before.get(str(each["key"]), {})), **each} for each in draft.columns]
    rest = pages.left_out(Written(columns=said), review)
    return [*pages.described(review.columns, said), *map(dict, rest)]


def _unasked(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in spec.items() if name not in ASKED}


def _sort(draft: Written) -> list[str]:
    return [name for name in (part.strip() for part in draft.sort.split(",")) if name]


def _missing(draft: Written, review: writing.Review) -> dict[str, str]:
    mistakes = {}
    if not draft.nl:
        mistakes["titel"] = _("Geef het overzicht een titel.")
    if not draft.sql.strip():
        mistakes["sql"] = _("Schrijf de vraag in SQL.")
    elif not review.fits:
        mistakes["sql"] = review.refusal
    unknown = writing.missing_from((c.name for c in review.columns), _sort(draft)) if review.fits else []
    if unknown:
        text = _("Deze kolommen staan niet in het antwoord: %(names)s.")
        mistakes["orden"] = text % {"names": ", ".join(unknown)[:LONGEST_NAME]}
    return mistakes


def _approved(key: str) -> InformationNeed:
    need = need_of(key)
    writing.require_approved(need)
    return need


def _named(request: HttpRequest, key: str) -> Product | None:
    """The product that the form is about; None for a new one."""
    name = request.POST.get("overzicht", "")
    return _product(key, name) if name else None


def _product(need: str, key: str) -> Product:
    found: Product | None = Product.objects.select_related("need").filter(key=key, need__key=need).first()
    if found is None:
        raise Unknown(_("Bij deze behoefte staat geen overzicht met deze naam."), code="unknown")
    return found


def _again(
    request: HttpRequest, need: InformationNeed, found: Product | None, draft: Written, mistakes: Mapping[str, str]
) -> HttpResponse:
    status = UNFINISHED if mistakes else 200
    return _drawn(request, need, found, draft, request.POST.get("stand", ""), mistakes, status)


def _drawn(
    request: HttpRequest, need: InformationNeed, found: Product | None, draft: Written, before: str | None = None,
    mistakes: Mapping[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = pages.page(who(request), need, found, draft, before, mistakes)
    return render(request, "schakel/writing.html", {"page": page}, status=status)
