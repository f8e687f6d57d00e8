CREATE VIEW result_lists AS
SELECT s.name AS database, ra.date, ra.name AS race, ra.location, e.name AS event, e.category, e.gender, e.age_group,
       r.round, r.heat_number, r.position, a.bib_number, a.name AS athlete, a.country, a.club_team, a.year_of_birth,
       r.time_seconds, r.distance_meters, r.points, r.wind_speed, r.status, r.is_record, r.record_type, r.recorded_at,
       r.db_id, ra.id AS race_id, e.id AS event_id, a.id AS athlete_id, r.id AS result_id
FROM results r
JOIN sync_state s ON s.db_id = r.db_id
JOIN athletes a ON a.db_id = r.db_id AND a.id = r.athlete_id
JOIN events e ON e.db_id = r.db_id AND e.id = r.event_id
JOIN races ra ON ra.db_id = e.db_id AND ra.id = e.race_id;
COMMENT ON VIEW result_lists IS 'Every result with the names of athlete, event and race';

CREATE VIEW medals_by_country AS
SELECT db_id, race_id, race, date, country,
       count(*) FILTER (WHERE position = 1) AS gold,
       count(*) FILTER (WHERE position = 2) AS silver,
       count(*) FILTER (WHERE position = 3) AS bronze
FROM result_lists
WHERE lower(round) = 'final' AND status = 'finished' AND position <= 3
GROUP BY db_id, race_id, race, date, country;
COMMENT ON VIEW medals_by_country IS 'Places one to three of finals, by race and country';

CREATE VIEW medals_by_club AS
SELECT db_id, race_id, race, date, club_team, country,
       count(*) FILTER (WHERE position = 1) AS gold,
       count(*) FILTER (WHERE position = 2) AS silver,
       count(*) FILTER (WHERE position = 3) AS bronze
FROM result_lists
WHERE lower(round) = 'final' AND status = 'finished' AND position <= 3 AND club_team IS NOT NULL
GROUP BY db_id, race_id, race, date, club_team, country;
COMMENT ON VIEW medals_by_club IS 'Places one to three of finals, by race and club';

-- Nobody has one number everywhere: a person is a name, a country and a year of birth.
CREATE VIEW personal_bests AS
SELECT athlete, country, year_of_birth, event, category, gender, age_group, time_seconds, distance_meters, points,
       wind_speed, date, race, location, db_id, result_id
FROM (
    SELECT l.*, row_number() OVER (
        PARTITION BY lower(athlete), country, year_of_birth, lower(event), gender, age_group
        ORDER BY time_seconds NULLS LAST, distance_meters DESC NULLS LAST, points DESC NULLS LAST, date, result_id
    ) AS place
    FROM result_lists l
    WHERE status = 'finished' AND coalesce(time_seconds, distance_meters, points) IS NOT NULL
      AND (wind_speed IS NULL OR wind_speed <= 2.0)
) ranked
WHERE place = 1;
COMMENT ON VIEW personal_bests IS 'The best mark of a person in an event across all meets, with legal wind';
