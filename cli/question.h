// question.h — what the command line asks of a dataflow: names that are wanted, values
// for inputs, data files.

#ifndef HM_CLI_QUESTION_H
#define HM_CLI_QUESTION_H

#include <stdbool.h>

#include <hamilton/driver.h>
#include <hamilton/status.h>

#include "cli/binding.h"
#include "cli/data.h"
#include "cli/session.h"
#include "cli/words.h"

typedef struct hm_question {
    hm_request request; // of what follows
    hm_words wanted;
    hm_bindings inputs;
    hm_bindings overrides;
    hm_data *data; // whose columns are inputs
    size_t data_count;
    hm_words unread; // their columns that no wanted node reads, or that are given
} hm_question;

// Reads the options of the session. Of data files, those columns are read that the
// wanted nodes need and that --input does not give. The caller calls finish in any
// case.
hm_status hm_question_init(
        hm_session *session, const hm_graph *graph, hm_question *question);
void hm_question_finish(hm_question *question);

// Adds the names of NAME[,NAME...], each time the option was given; a name that is
// there already is not repeated.
hm_status hm_question_names(hm_session *session, const char *option, hm_words *names);

// Marks what a run computes or reads: needed[id] for each node. Unknown names are
// passed over.
void hm_question_needed(const hm_graph *graph, const hm_request *request, bool *needed);

#endif
