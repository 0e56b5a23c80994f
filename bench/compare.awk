# compare.awk — the lines of both sides as one table. A line is one of a benchmark after the
# word base or here; the first of a case on one side belongs to the first on the other.

BEGIN {
    FS = "\t"
    format = "%-12s %-24s %-20s %11s %11s  %-8s %7s %7s %7s\n"
    printf format, "bench", "case", "system", "base", "here", "unit", "ratio", "least", "most"
}

{
    name = $2 FS $3 FS $4 FS $5 FS $9
    if (!(name in known)) {
        known[name] = 1
        names[++name_count] = name
    }
    value[$1, name, ++count[$1, name]] = $6
}

END {
    for (n = 1; n <= name_count; n++) print_case(names[n])
}

function print_case(name,    part, pairs, i, base, here, ratio) {
    pairs = count["base", name] < count["here", name] ? count["base", name] : count["here", name]
    if (pairs == 0) return
    for (i = 1; i <= pairs; i++) {
        base[i] = value["base", name, i]
        here[i] = value["here", name, i]
        ratio[i] = base[i] > 0 ? here[i] / base[i] : 0
    }
    sort(base, pairs)
    sort(here, pairs)
    sort(ratio, pairs)
    split(name, part, FS)
    printf format, part[1], part[2], part[3], median(base, pairs), median(here, pairs), part[5],
           sprintf("%.3f", median(ratio, pairs)), sprintf("%.3f", ratio[1]),
           sprintf("%.3f", ratio[pairs])
}

function sort(numbers, length_of,    i, j, kept) {
    for (i = 2; i <= length_of; i++) {
        kept = numbers[i] + 0
        for (j = i - 1; j > 0 && numbers[j] + 0 > kept; j--) numbers[j + 1] = numbers[j]
        numbers[j + 1] = kept
    }
}

function median(sorted, length_of) {
    return length_of % 2 ? sorted[(length_of + 1) / 2] \
                         : (sorted[length_of / 2] + sorted[length_of / 2 + 1]) / 2
}
