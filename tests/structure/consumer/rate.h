// rate.h — what both modules count with: a test edits it and expects both to change.

#define RATE 2
