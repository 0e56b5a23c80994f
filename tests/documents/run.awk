# run.awk — prints a Markdown document again, with what its commands say today.
#
# A fenced block whose first line also names a file, as ```c price.c, is written to that
# file. In a block ```console, each line that begins with "$ " is run (a backslash at its
# end continues it), and what stands below it is replaced by what it prints.

function run(command,    line) {
    command = "{ " command "\n} 2>&1"
    while ((command | getline line) > 0) {
        print line
    }
    close(command)
}

/^```/ && !inside {
    inside = 1
    console = $1 == "```console"
    file = console ? "" : $2
    print
    next
}

/^```/ {
    if (file != "") {
        close(file)
    }
    inside = console = 0
    file = ""
    print
    next
}

console && /^\$ / {
    print
    command = substr($0, 3)
    while (command ~ /\\$/ && (getline line) > 0) {
        print line
        command = command "\n" line
    }
    run(command)
    next
}

console { next } # what the command printed when the document was written

file != "" { print >file }

{ print }
