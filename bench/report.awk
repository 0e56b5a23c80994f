# report.awk — what the benchmarks printed, as a table and, where `json` names a file, as JSON.

BEGIN {
    FS = "\t"
    row_count = 0
    column_count = split("bench case system workers median p10 p90 unit", column, " ")
    for (i = 1; i <= column_count; i++) widen(i, column[i])
}

only != "" && $1 != only { next }

NF != column_count || $4 $5 $6 $7 !~ /^[0-9.e+-]+$/ {
    print "not a line of a benchmark: " $0 > "/dev/stderr"
    faults++
    next
}

{
    for (i = 1; i <= column_count; i++) {
        cell[row_count, i] = $i
        widen(i, $i)
    }
    row_count++
}

END {
    for (i = 1; i <= column_count; i++) print_cell(i, column[i])
    for (row = 0; row < row_count; row++) {
        for (i = 1; i <= column_count; i++) print_cell(i, cell[row, i])
    }
    print machine ", commit " commit
    if (json != "") write_json()
    if (row_count == 0) print "nothing was measured" > "/dev/stderr"
    exit faults > 0 || row_count == 0
}

function widen(i, text) { if (length(text) > width[i]) width[i] = length(text) }

function is_number(i) { return i >= 4 && i <= 7 }

function print_cell(i, text) {
    if (i == column_count) print text
    else printf "%" (is_number(i) ? "" : "-") width[i] "s  ", text
}

function quoted(text) {
    gsub(/[\\"]/, "\\\\&", text)
    return "\"" text "\""
}

function write_json() {
    printf("{\"machine\": %s, \"commit\": %s, \"results\": [", quoted(machine), quoted(commit)) > json
    for (row = 0; row < row_count; row++) {
        line = ""
        for (i = 1; i <= column_count; i++) {
            line = line (i > 1 ? ", " : "") quoted(column[i]) ": " \
                    (is_number(i) ? cell[row, i] : quoted(cell[row, i]))
        }
        printf("%s\n {%s}", (row > 0 ? "," : ""), line) > json
    }
    print "\n]}" > json
    close(json)
}
