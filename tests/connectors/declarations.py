"""Declarations of the tests: the shape of a mapped layout, with other names for its columns."""

from typing import Any

VERZUIM: dict[str, Any] = {
    "layout": "verzuim",
    "version": "1",
    "title": {"nl": "Verzuim uit de database", "en": "Absence from the database"},
    "target": "verzuim-absence",
    "file": "verzuim-db_*.csv",
    "format": {"kind": "csv", "delimiter": ",", "encoding": "utf-8", "decimal": ".", "date": "%Y-%m-%d"},
    "relations": {
        "absence": {
            "table": "verzuim",
            "unique": ["pupil_number", "date", "hour", "kind"],
            "columns": {
                "pupil_number": {"header": "nummer", "type": "text", "required": True, "pattern": "[0-9]{1,12}"},
                "site_identifier": {"header": "vestiging", "type": "text", "required": True},
                "date": {"header": "datum", "type": "date", "required": True},
                "hour": {"header": "lesuur", "type": "integer"},
                "kind": {
                    "header": "soort",
                    "type": "text",
                    "required": True,
                    "vocabulary": {"G": "authorised", "O": "unauthorised"},
                },
                "remark": {"header": "opmerking", "type": "text"},
            },
        }
    },
    "seen": {},
}
