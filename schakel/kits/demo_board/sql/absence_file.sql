CREATE TABLE absence_row AS
SELECT p.number, sc.brin6, a.day, a.hour, k.letter,
  CASE WHEN a.kind = 3 AND u(a.seat, 'reason') < 0.3 THEN 'anders' ELSE k.reason END AS reason,
  a.clock_hours, CASE WHEN a.hour IS NOT NULL AND a.kind <> 4 THEN 1 END AS lesson_hours,
  CASE WHEN a.kind = 4 THEN 2 + floor(u(a.seat, 'minutes') * u(a.seat, 'minutes again') * 40)::INTEGER END AS minutes,
  CASE WHEN u(a.seat, 'contact') < CASE a.kind WHEN 3 THEN 0.8 WHEN 1 THEN 0.25 ELSE 0.05 END
    THEN least(getvariable('today'), a.day + floor(u(a.seat, 'contact day') * 4)::INTEGER) END AS contact,
  CASE WHEN u(a.seat, 'remark') < 0.12 THEN pick(CASE a.kind
      WHEN 1 THEN ['moeder belde', 'buikgriep', 'vader gemaild, blijft thuis', 'migraine', 'koorts; belt morgen terug']
      WHEN 2 THEN ['tandarts', 'orthodontist', 'huwelijk familie in België', 'begrafenis oma', 'open dag hbo']
      WHEN 3 THEN ['niet in de les, wel op school gezien', 'geen bericht', 'thuis niet bereikt', 'gesprek gehad; afspraken gemaakt']
      ELSE ['bus te laat', 'verslapen', 'lekke band', 'brug open', '€ 0 boete; briefje gehaald'] END, u(a.seat, 'which remark')) END AS remark,
  b.bsn
FROM absence a JOIN absence_kind k USING (kind) JOIN pupil p USING (p) JOIN school sc ON sc.s = a.s JOIN pupil_bsn b USING (p)
ORDER BY a.day, a.s, p.number, a.hour;
