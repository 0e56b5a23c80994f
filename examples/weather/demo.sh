#!/bin/sh
# demo.sh [HAMILTON [FOLDER]]: the weather example, step by step. HAMILTON is the command,
# found in PATH if not given; what is written goes to FOLDER, or to the current one.
set -eu

hamilton=$(command -v "${1:-hamilton}")
case $hamilton in
/*) ;;
*) hamilton=$PWD/$hamilton ;;
esac
shown=${2:-.}
mkdir -p "$shown"
folder=$(cd "$shown" && pwd)
cd "$(dirname "$0")"

say() {
    printf '\n%s\n\n' "$1"
}

# Shows a command as one would type it, and runs it.
show() {
    printf '$ hamilton'
    for word; do
        case $word in
        "$folder"/*) printf ' %s' "$shown/${word#"$folder"/}" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$hamilton" "$@"
}

say "Two modules of plain C functions: daily.c is about one day, climate.c about many."
show list daily.c climate.c --format table

say "One request: a day, asked for by its observations."
show run daily.c -i date=2012-01-14 -i temp_max=4.4 -i temp_min=0.6 -i wind=5.3 \
    -i weather=snow -o headline,temp_mean,wind_chill,heating_degree_days --format table

say "The same in Fahrenheit: config chooses other variants of two functions."
show run daily.c -c units=imperial -i date=2012-01-14 -i temp_max=4.4 -i temp_min=0.6 \
    -i wind=5.3 -i weather=snow -o headline,wind_chill --format table

say "The same functions over all days of four years, with those that need many days:"
show run daily.c climate.c -d seattle-weather.csv \
    -o date,temp_mean,temp_mean_7d,temp_anomaly,wind_chill,rain,dry_spell \
    --format table --save "$folder/weather.csv" >"$folder/weather.txt"
head -n 12 "$folder/weather.txt"
echo "… $(($(wc -l <"$folder/weather.csv") - 1)) days, in $shown/weather.csv"

say "Year by year, and the records:"
show run daily.c climate.c -d seattle-weather.csv \
    -o yearly_summary,year_anomaly,warmest_year,record_mean \
    -o longest_dry_spell,longest_dry_spell_end,hottest_day --format table

say "The drawing of it all:"
show view daily.c climate.c --legend -o "$folder/weather.svg"
show view daily.c climate.c --legend -o "$folder/weather.png"
echo "It is in $shown/weather.svg and $shown/weather.png."
