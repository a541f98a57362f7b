# Tables of medians: the times of all repetitions (STREAM,THREADS,WAY,NS), then the instructions
# (RUNTIME,STREAM,WAY,INSTRUCTIONS). What a hook costs is the difference to plain of the same repetition.
#
# SPDX-License-Identifier: Apache-2.0

# The median of values[0 .. count - 1] with their range.
function summary(values, count, digits,    i, j, swap, middle) {
    for (i = 1; i < count; i++)
        for (j = i; j > 0 && values[j - 1] > values[j]; j--) {
            swap = values[j]; values[j] = values[j - 1]; values[j - 1] = swap
        }
    middle = (values[int((count - 1) / 2)] + values[int(count / 2)]) / 2
    return sprintf("%.*f (%.*f-%.*f)", digits, middle, digits, values[0], digits, values[count - 1])
}

function costs(key, way,    i, values) {
    for (i = 0; i < runs[key, way]; i++) values[i] = times[key, way, i] - times[key, "plain", i]
    return summary(values, i, 1)
}

function plain(key,    i, values) {
    for (i = 0; i < runs[key, "plain"]; i++) values[i] = times[key, "plain", i]
    return summary(values, i, 1)
}

function more(key, way) { return sprintf("+%.0f", instructions[key, way] - instructions[key, "plain"]) }

FNR == NR {
    key = $1 ", " $2
    if (!((key, "plain") in runs)) order[lines++] = key
    times[key, $3, runs[key, $3]++] = $4
    next
}
{
    key = $1 ", " $2
    if (!(key in counted)) { counted[key]; counted_order[counted_lines++] = key }
    instructions[key, $3] = $4
}

END {
    print "| stream, threads | plain ns | preloaded costs ns | embedded costs ns | stream without a queue costs ns |"
    print "|---|---|---|---|---|"
    for (i = 0; i < lines; i++)
        printf "| %s | %s | %s | %s | %s |\n", order[i], plain(order[i]), costs(order[i], "preloaded"),
            costs(order[i], "embedded"), costs(order[i], "no_queue")
    print "\n| runtime, stream | plain instructions | preloaded | embedded | stream without a queue |"
    print "|---|---|---|---|---|"
    for (i = 0; i < counted_lines; i++) {
        key = counted_order[i]
        printf "| %s | %.0f | %s | %s | %s |\n", key, instructions[key, "plain"], more(key, "preloaded"),
            more(key, "embedded"), more(key, "no_queue")
    }
}
