#!/bin/sh
# check.sh HAMILTON FLIGHTS [ROWS] — what flights.c says of the first ROWS flights, or of all,
# is what DuckDB says in SQL: each feature of each flight, and each figure of all.
set -eu
hamilton=$1 flights=$2 rows=${3-3000000}
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -e "$flights" ]; then
    echo "skipped: there is no $flights; fetch.sh gets it"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

features=hour,weekday,hour_sine,kilometres,log_distance,planned_hours,hours_on_the_way,speed
features=$features,lateness,is_late,lateness_per_100_km,delay_z
sample="(SELECT *, file_row_number AS row
    FROM read_parquet('$flights', file_row_number = true) WHERE file_row_number < $rows)"
source="duckdb:SELECT * FROM $sample ORDER BY row"

run() { # OUTPUTS FILE: computes them in C
    "$hamilton" run "$here/flights.c" -d "$source" -o "$1" --save "$scratch/$2" >/dev/null
}
run "$features,rolling_delay" features.parquet
run hour_delay,hour_flights hours.parquet
run airport,airport_delay,airport_flights airports.parquet

# check NAMES EXPECTED FOUND: both have these columns, the same rows, and nearly equal values.
# NaN is equal to NaN.
check() {
    query=
    for name in $(echo "$1" | tr , ' '); do
        query="$query${query:+ UNION ALL }SELECT '$name' AS feature, coalesce(max(CASE
            WHEN isnan(e.$name::DOUBLE) AND isnan(f.$name::DOUBLE) THEN 0
            ELSE coalesce(abs(e.$name - f.$name) / (1 + abs(e.$name)), 1) END), 1)::DOUBLE
            AS difference
            FROM ($2) AS e FULL JOIN ($3) AS f USING (row)
            WHERE e.$name IS DISTINCT FROM f.$name OR row = 0"
    done
    "$hamilton" run "$here/agree.c" -d "duckdb:$query" -o agreed >/dev/null
}
found() { # FILE
    echo "SELECT *, file_row_number AS row
        FROM read_parquet('$scratch/$1', file_row_number = true)"
}

check "$features" "WITH flights AS $sample $(grep -v '^--' "$here/features.sql" |
        sed 's/FLIGHTS/flights/')" "$(found features.parquet)"
check rolling_delay "SELECT row, avg(delay) OVER (ORDER BY row ROWS 99 PRECEDING) AS rolling_delay
    FROM $sample" "$(found features.parquet)"
check hour_delay,hour_flights "SELECT h AS row, coalesce(avg(delay), 'nan') AS hour_delay,
    count(delay) AS hour_flights FROM range(24) AS hours(h) LEFT JOIN $sample
    ON hour(date) = h GROUP BY h" "$(found hours.parquet)"
check airport_delay,airport_flights "SELECT row_number() OVER (ORDER BY origin) - 1 AS row,
    avg(delay) AS airport_delay, count(*) AS airport_flights FROM $sample
    GROUP BY origin" "$(found airports.parquet)"

# Codes are texts, and single values no table.
difference="duckdb:SELECT 'airport' AS feature, count(*)::DOUBLE AS difference FROM
    (SELECT row_number() OVER (ORDER BY origin) - 1 AS row, origin FROM $sample GROUP BY origin)
    FULL JOIN ($(found airports.parquet)) USING (row) WHERE airport IS DISTINCT FROM origin"
"$hamilton" run "$here/agree.c" -d "$difference" -o agreed >/dev/null
for figure in 'delay_mean avg(delay)' 'delay_deviation stddev_pop(delay)' \
        'late_share avg((delay>15)::INTEGER)'; do
    value=$("$hamilton" run "$here/flights.c" -d "$source" -o "${figure% *}" --format csv | tail -n 1)
    "$hamilton" run "$here/agree.c" -d "duckdb:SELECT '${figure% *}' AS feature,
        abs($value - ${figure#* }) / (1 + abs($value)) AS difference FROM $sample" \
            -o agreed >/dev/null
done
echo "flights: all figures of $rows flights are those of SQL"
