-- The same in SQL: of each flight, in the order of the file. FLIGHTS stands for a table.
SELECT
    row,
    hour(date)::INTEGER AS hour,
    isodow(date)::INTEGER - 1 AS weekday,
    sin(hour(date) * (2 * pi() / 24)) AS hour_sine,
    distance * 1.609344::DOUBLE AS kilometres,
    ln(distance + 1.0::DOUBLE) AS log_distance,
    kilometres / 800 + 0.5::DOUBLE AS planned_hours,
    planned_hours + delay / 60::DOUBLE AS hours_on_the_way,
    CASE WHEN hours_on_the_way > 0.25 THEN kilometres / hours_on_the_way
        ELSE 'nan'::DOUBLE END AS speed,
    greatest(delay, 0)::DOUBLE AS lateness,
    (delay > 15)::INTEGER AS is_late,
    100::DOUBLE * lateness / (kilometres + 1) AS lateness_per_100_km,
    (delay - (SELECT avg(delay) FROM FLIGHTS))
        / (SELECT stddev_pop(delay) FROM FLIGHTS) AS delay_z
FROM FLIGHTS
