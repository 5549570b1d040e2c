-- Chance that can be repeated. u: even between 0 and 1. normal: mean 0, deviation 1, within -3 and 3.
-- often_first: the start of a list is drawn far more often than its end, as with names.
CREATE OR REPLACE MACRO u(k, salt) AS ((hash(k, salt, getvariable('seed')) >> 11)::DOUBLE / 9007199254740992.0);
CREATE OR REPLACE MACRO normal(k, salt) AS (2 * (u(k, salt || '1') + u(k, salt || '2') + u(k, salt || '3') - 1.5));
CREATE OR REPLACE MACRO pick(items, x) AS items[1 + floor(x * len(items))::INTEGER];
CREATE OR REPLACE MACRO often_first(items, x) AS items[1 + floor(pow(x, 1.25) * len(items))::INTEGER];
-- How the sources write days, numbers and keys.
CREATE OR REPLACE MACRO nl_date(d) AS strftime(d, '%d-%m-%Y');
CREATE OR REPLACE MACRO nl_number(x, pattern) AS replace(printf(pattern, x::DOUBLE), '.', ',');
CREATE OR REPLACE MACRO school_id(s) AS 'org-' || lpad((s + 1)::VARCHAR, 2, '0');
CREATE OR REPLACE MACRO course_id(c) AS 'cu' || lpad((c + 1)::VARCHAR, 5, '0');
CREATE OR REPLACE MACRO pupil_id(p) AS 'll' || lpad((p + 1)::VARCHAR, 6, '0');
CREATE OR REPLACE MACRO staff_id(t) AS 'mw' || lpad((t + 1)::VARCHAR, 5, '0');
CREATE OR REPLACE MACRO class_id(k) AS 'kl' || lpad((k + 1)::VARCHAR, 6, '0');
CREATE OR REPLACE MACRO item_id(i) AS 'ts' || lpad((i + 1)::VARCHAR, 7, '0');
