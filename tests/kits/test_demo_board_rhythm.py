"""What happens at the demo board has a rhythm: weeks, holidays, seasons, schools that differ, years that grow worse."""

from datetime import date

import pytest

from schakel.kits.demo_board.advice import LADDER
from tests.kits.demo_boards import TODAY, Opened, board

_DAY = "strptime({0}, '%d-%m-%Y')::DATE"


def _open() -> Opened:
    return board(pupils=2500)


def _count(where: str) -> int:
    return _open().count(f"SELECT count(*) FROM away WHERE {where}")


def _free_days(table: str) -> int:
    return _open().count(
        f"""SELECT count(*) FROM {table} t JOIN vakanties h USING (Vestiging)
        WHERE {_DAY.format("t.Datum")} BETWEEN {_DAY.format('h."Begin"')} AND {_DAY.format("h.Einde")}"""
    )


@pytest.mark.parametrize("table", ["verzuim", "rooster"])
def test_nothing_happens_in_weekends_or_holidays(table: str) -> None:
    assert _open().one(f"SELECT count(*) FROM {table} WHERE isodow({_DAY.format('Datum')}) > 5") == 0
    assert _free_days(table) == 0


def test_nothing_is_known_after_today_but_the_timetable_of_a_week() -> None:
    opened, today, lesson = _open(), f"DATE '{TODAY}'", _DAY.format("Datum")
    known = {"verzuim": ["Datum", '"Contact op"'], "meldingen": ['"Datum melding"'], "adviezen": ['"Datum definitief"']}
    for table, columns in known.items():
        for column in columns:
            assert opened.one(f"SELECT count(*) FROM {table} WHERE {_DAY.format(column)} > {today}") == 0
    assert opened.one(f"SELECT count(*) FROM results WHERE scoreDate::DATE > {today}") == 0
    assert opened.one(f"SELECT max({lesson}) - {today} FROM rooster") == 7
    ahead = opened.all(f"SELECT DISTINCT Status FROM rooster WHERE {lesson} > {today} ORDER BY 1")
    before = opened.all(f"SELECT DISTINCT Status FROM rooster WHERE {lesson} < {today} ORDER BY 1")
    assert ahead == [("gepland",), ("uitgevallen",)]
    assert before == [("gegeven",), ("uitgevallen",), ("vervangen",)]


def test_the_timetable_covers_every_school_day_of_the_year_so_far_and_at_most_a_week_ahead() -> None:
    """The denominator of absence: what was planned, from the first school day of the year."""
    lost = _open().one(
        f"""SELECT count(*) FROM (
          SELECT DISTINCT l.Vestiging, CAST(d AS DATE) AS day
          FROM rooster l, range(DATE '2026-08-01', DATE '{TODAY}' + 1, INTERVAL 1 DAY) AS r(d)
          WHERE isodow(d) <= 5
        ) weekday
        WHERE NOT EXISTS (FROM vakanties h WHERE h.Vestiging = weekday.Vestiging
            AND weekday.day BETWEEN {_DAY.format('h."Begin"')} AND {_DAY.format("h.Einde")})
          AND NOT EXISTS (FROM rooster l WHERE l.Vestiging = weekday.Vestiging
            AND {_DAY.format("l.Datum")} = weekday.day)"""
    )
    assert lost == 0
    assert _open().one(f"SELECT min({_DAY.format('Datum')}) FROM rooster") >= date(2026, 8, 1)


def test_a_year_that_has_just_begun_still_shows_the_last_twenty_school_days() -> None:
    opened = board(pupils=200, facts=1000, today=date(2027, 8, 2))
    days = opened.all(
        f"""SELECT count(DISTINCT Datum) FROM rooster WHERE {_DAY.format("Datum")} <= DATE '2027-08-02'
        GROUP BY Vestiging"""
    )
    assert {count for (count,) in days} == {20}


def test_truancy_and_lateness_peak_on_mondays_and_fridays() -> None:
    monday, tuesday, wednesday, thursday, friday = (
        _count(f"Soort IN ('O', 'L') AND isodow(day) = {day}") for day in range(1, 6)
    )
    assert min(monday, friday) > max(tuesday, wednesday, thursday)


def _sick_a_day(months: str) -> float:
    per_day = "count(*) / count(DISTINCT day)"
    return float(str(_open().one(f"SELECT {per_day} FROM away WHERE Reden = 'ziek' AND month(day) IN {months}")))


def test_influenza_comes_in_winter() -> None:
    assert _sick_a_day("(1, 2)") > 1.5 * _sick_a_day("(9, 10)")
    assert _sick_a_day("(11, 12)") > _sick_a_day("(5, 6)")


def test_primary_schools_count_clock_hours_and_secondary_schools_lessons() -> None:
    assert _count("sector = 'vo' AND (Klokuren IS NOT NULL OR Lesuur IS NULL)") == 0
    assert _count("sector <> 'vo' AND (Lesuren IS NOT NULL OR Lesuur IS NOT NULL)") == 0
    assert _count("(Soort = 'L') <> (\"Minuten te laat\" IS NOT NULL)") == 0
    assert _count("(Soort = 'L') <> (hours IS NULL)") == 0


def test_a_pupil_is_away_only_where_he_or_she_is_enrolled() -> None:
    lost = _open().one(
        """SELECT count(*) FROM away v WHERE NOT EXISTS (FROM roles r WHERE r.userSourcedId = v.pupil
        AND r.orgSourcedId = v.org AND v.day >= r.beginDate::DATE AND (r.endDate IS NULL OR v.day < r.endDate::DATE))"""
    )
    assert lost == 0


def test_at_most_one_line_per_pupil_and_lesson_or_day() -> None:
    doubles = "FROM verzuim SELECT 1 GROUP BY Leerlingnummer, Datum, Lesuur HAVING count(*) > 1"
    assert _open().one(f"SELECT count(*) FROM ({doubles})") == 0


def test_a_missed_lesson_was_in_the_timetable() -> None:
    lost = _open().one(
        """SELECT count(*) FROM away v WHERE Lesuur IS NOT NULL AND day >= DATE '2026-08-01' AND NOT EXISTS (
          FROM rooster l JOIN sat ON sat.class = l.Klas AND sat.year = 'sj2027' AND sat.userSourcedId = v.pupil
          WHERE l.Vestiging = v.Vestiging AND l.Datum = v.Datum AND l.Lesuur = v.Lesuur)"""
    )
    assert lost == 0


_REACHED = """
WITH missed AS (
  SELECT pupil, school, day, sum(hours) AS hours FROM away WHERE Soort = 'O' GROUP BY ALL
), summed AS (
  SELECT *, sum(hours) OVER (PARTITION BY pupil ORDER BY day
    RANGE BETWEEN INTERVAL 27 DAYS PRECEDING AND CURRENT ROW) AS four_weeks
  FROM missed
)
SELECT school, count(DISTINCT pupil) FROM summed WHERE four_weeks >= 16 GROUP BY 1
"""


def test_some_pupils_reach_sixteen_hours_and_most_of_them_at_the_secondary_schools() -> None:
    reached = {str(name): int(str(pupils)) for name, pupils in _open().all(_REACHED)}
    assert reached["Noorderhaven"] > 10
    assert reached["Veldlyceum"] > 5
    assert sum(reached.values()) - reached["Noorderhaven"] - reached["Veldlyceum"] < reached["Noorderhaven"]


def test_a_pupil_of_the_mentor_reached_sixteen_hours_lately() -> None:
    group = "SELECT userSourcedId FROM sat WHERE school = 'Veldlyceum' AND class = 'H3a' AND year = 'sj2027'"
    lately = f"Soort = 'O' AND day > DATE '{TODAY}' - 28 AND pupil IN ({group})"
    hours = f"SELECT sum(hours) AS hours FROM away WHERE {lately} GROUP BY pupil"
    assert _open().count(f"SELECT max(hours) FROM ({hours})") >= 16


def test_absence_without_leave_grows_over_the_years() -> None:
    autumns = [
        _count(f"Soort = 'O' AND day BETWEEN DATE '{year}-09-01' AND DATE '{year}-11-20'") for year in (2024, 2026)
    ]
    assert autumns[1] > 1.1 * autumns[0]


def test_reports_follow_what_happened() -> None:
    opened = _open()
    kinds = opened.all("SELECT DISTINCT Meldingsoort FROM meldingen ORDER BY 1")
    assert kinds == [("16 uur",), ("LRV",), ("anders",), ("vervolg",)]
    truants = "SELECT Leerlingnummer FROM verzuim WHERE Soort = 'O'"
    assert opened.one(f"SELECT count(*) FROM meldingen WHERE Leerlingnummer NOT IN ({truants})") == 0
    reported, end = _DAY.format('"Datum melding"'), _DAY.format('"Einde verzuimperiode"')
    assert opened.one(f"SELECT count(*) FROM meldingen WHERE {reported} <= {end}") == 0


def test_nearly_every_pupil_who_reached_sixteen_hours_was_reported() -> None:
    opened = _open()
    reached = sum(int(str(pupils)) for _, pupils in opened.all(_REACHED))
    reported = opened.count(
        "SELECT count(DISTINCT Leerlingnummer) FROM meldingen WHERE Meldingsoort IN ('16 uur', 'LRV')"
    )
    assert 0.75 * reached < reported < 1.3 * reached  # school weeks stretch over holidays, calendar weeks do not


def test_unknown_absence_is_recent() -> None:
    opened = _open()
    assert opened.count("SELECT count(*) FROM away WHERE Soort = '?'") > 10
    assert opened.count(f"SELECT DATE '{TODAY}' - min(day) FROM away WHERE Soort = '?'") < 15


def test_results_differ_between_schools() -> None:
    share = "count(*) FILTER (textScore = 'V') / count(textScore)"
    low = dict(_open().all(f"SELECT school, {share} FROM scored WHERE category = 'Volgtoets' GROUP BY 1"))
    assert float(str(low["De Zandloper"])) > 1.5 * float(str(low["Het Sluisje"]))


def test_scores_grow_from_test_to_test() -> None:
    means = _open().all(
        """SELECT test, avg(score::DOUBLE) FROM scored WHERE regexp_full_match(test, 'Rekenen-wiskunde [ME][3-8]')
        GROUP BY 1 ORDER BY right(test, 1), test DESC"""
    )
    scores = [float(str(mean)) for _, mean in means]
    assert [test for test, _ in means[:3]] == ["Rekenen-wiskunde M3", "Rekenen-wiskunde E3", "Rekenen-wiskunde M4"]
    assert scores == sorted(scores)
    assert len(scores) == 12


def test_levels_are_only_given_on_monitoring_tests() -> None:
    levels = board().all(
        """SELECT category, count(textScore) > 0, bool_and(score IS NOT NULL) FROM scored
        WHERE scoreStatus = 'fully graded' GROUP BY 1 ORDER BY 1"""
    )
    assert levels == [
        ("Centraal examen", False, True),
        ("Methodetoets", False, True),
        ("Schoolexamen", False, True),
        ("Volgtoets", True, True),
    ]
    assert board().one("SELECT count(score) + count(textScore) FROM results WHERE scoreStatus <> 'fully graded'") == 0


_LADDER = list(LADDER)
_STEPS = f"""
(SELECT *, list_position({_LADDER}, "Voorlopig advies") AS one, list_position({_LADDER}, Toetsadvies) AS test,
  list_position({_LADDER}, "Definitief advies") AS final FROM adviezen)
"""


def test_a_final_advice_is_raised_after_a_higher_test_or_says_why_not() -> None:
    opened = _open()
    outside = "final < one OR final > greatest(one, coalesce(test, 0)) OR (test > final AND Motivering IS NULL)"
    assert opened.one(f"SELECT count(*) FROM {_STEPS} WHERE {outside}") == 0
    assert opened.count(f"SELECT count(*) FROM {_STEPS} WHERE test > one AND final = one") > 10
    assert opened.count(f"SELECT count(*) FROM {_STEPS} WHERE final > one") > 25


def test_advice_comes_in_january_and_before_25_march_and_this_year_not_yet() -> None:
    opened = _open()
    years = opened.all('SELECT Schooljaar, count("Definitief advies") > 0 FROM adviezen GROUP BY 1 ORDER BY 1')
    assert years == [("2024-2025", True), ("2025-2026", True), ("2026-2027", False)]
    first, last = (f"strftime({_DAY.format(c)}, '%m-%d')" for c in ('"Datum voorlopig"', '"Datum definitief"'))
    earliest, latest, final = map(str, opened.all(f"SELECT min({first}), max({first}), max({last}) FROM adviezen")[0])
    assert "01-10" <= earliest <= latest <= "01-31"
    assert final <= "03-24"


_SICK = f"""
WITH contract AS (
  SELECT Personeelsnummer AS who, Wtf::DOUBLE AS fte,
    greatest(DATE '2025-11-23', {_DAY.format('"Datum in dienst"')}) AS begin,
    least(DATE '2026-11-23', coalesce({_DAY.format('"Datum uit dienst"')}, DATE '2100-01-01')) AS stop
  FROM personeel_Aanstellingen
), work AS (
  SELECT who, sum(fte) AS fte, sum(fte * greatest(0, stop - begin)) AS days FROM contract GROUP BY who
), spell AS (
  SELECT Personeelsnummer AS who, Verzuimpercentage::DOUBLE / 100 AS part,
    greatest(DATE '2025-11-23', {_DAY.format('"Eerste verzuimdag"')}) AS begin,
    least(DATE '2026-11-23', coalesce({_DAY.format("Hersteldatum")}, DATE '2100-01-01')) AS stop
  FROM personeel_Verzuim WHERE Verzuimsoort = 'ziek'
)
SELECT sum(part * fte * greatest(0, stop - begin)) / (SELECT sum(days) FROM work) FROM spell JOIN work USING (who)
"""


def test_sick_leave_of_staff_is_five_to_seven_per_cent() -> None:
    assert 0.045 < float(str(_open().one(_SICK))) < 0.08


def test_spells_of_one_person_do_not_overlap() -> None:
    day, back = _DAY.format('"Eerste verzuimdag"'), _DAY.format("Hersteldatum")
    overlapping = _open().one(
        f"""WITH spell AS (
          SELECT Verzuimgeval AS id, Personeelsnummer AS who, {day} AS day, coalesce({back}, DATE '2100-01-01') AS back
          FROM personeel_Verzuim)
        SELECT count(*) FROM spell a JOIN spell b USING (who) WHERE a.id < b.id AND a.day < b.back AND b.day < a.back"""
    )
    assert overlapping == 0


def _euro(*columns: str) -> list[str]:
    return [f"replace(\"{column}\", ',', '.')::DOUBLE" for column in columns]


def test_money_adds_up() -> None:
    income, cost, result = _euro("Totaal baten", "Totaal lasten", "Resultaat")
    assert _open().one(f"SELECT count(*) FROM financien WHERE abs({income} - {cost} - {result}) > 0.01") == 0
    kinds = _open().all("SELECT Boekjaar, Soort, count(*) FROM financien GROUP BY 1, 2 ORDER BY 1, 2")
    assert kinds == [
        ("2023", "realisatie", 14),
        ("2024", "realisatie", 14),
        ("2025", "begroting", 14),
        ("2025", "realisatie", 14),
        ("2026", "begroting", 14),
        ("2026", "prognose", 14),
    ]


def test_only_the_board_has_a_balance_sheet_and_it_is_sound() -> None:
    filled = _open().all('SELECT DISTINCT Kostenplaats, Soort FROM financien WHERE "Totaal passiva" IS NOT NULL')
    assert filled == [("41288", "realisatie")]
    equity, provisions, total = _euro("Eigen vermogen", "Voorzieningen", "Totaal passiva")
    assets, debts = _euro("Vlottende activa", "Kortlopende schulden")
    ratios = f"SELECT ({equity} + {provisions}) / {total}, {assets} / {debts} FROM financien"
    for solvency, current in _open().all(f'{ratios} WHERE "Totaal passiva" IS NOT NULL'):
        assert 0.4 < float(str(solvency)) < 0.75
        assert 1.2 < float(str(current)) < 1.6


def test_free_text_that_nobody_needs_is_there_to_be_dropped() -> None:
    assert _open().count("SELECT count(Opmerking) FROM verzuim") > 1000
