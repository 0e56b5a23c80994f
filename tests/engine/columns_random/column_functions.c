// column_functions.c — the functions of random dataflows over columns. All are total,
// or fail with a status; none depends on anything but its parameters.

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/modifiers.h>

struct point {
    double x;
    double y;
};

struct wide { // more than a cache line
    double numbers[8];
    int marks[4];
};

struct token {
    double value;
};

HM_DESTROYS
void token_free(struct token *token) {
    free(token);
}

static char *copy_text(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

// Doubles.

double sum(double a, double b) {
    return a + b;
}
double difference(double a, double b) {
    return a - b;
}
double product(double a, double b) {
    return a * b;
}
double quotient(double a, double b) {
    return a / (fabs(b) + 1);
}
double smaller(double a, double b) {
    return a < b ? a : b;
}
double larger(double a, double b) {
    return a > b ? a : b;
}
double blend(double a, double b, double c) {
    return 0.5 * a + 0.25 * b - c;
}
double negative(double a) {
    return -a;
}
double square(double a) {
    return a * a;
}
double root(double a) {
    return sqrt(fabs(a));
}
double wave(double a) {
    return sin(a);
}
double logarithm(double a) {
    return log(1 + fabs(a));
}
double clamp(double a) {
    return a < -100 ? -100 : a > 100 ? 100 : a;
}
double chosen(bool which, double a, double b) {
    return which ? a : b;
}
double shifted(double a, HM_DEFAULT(2.5) double by) {
    return a + by;
}

// Whole numbers, of several sizes.

int int_sum(int a, int b) {
    return (int)((unsigned)a + (unsigned)b);
}
int int_mix(int a, int b) {
    return (int)(((unsigned)a * 31u) ^ (unsigned)b);
}
int remainder_of(int a) {
    return a % 17;
}
int rounded(double a) {
    return fabs(a) < 1e6 ? (int)a : 0;
}
double as_double(int a) {
    return (double)a * 0.5;
}
int stepped(int a, HM_DEFAULT(3) int step, HM_DEFAULT(-7) int start) {
    return (int)((unsigned)start + (unsigned)step * (unsigned)a);
}
unsigned char low_byte(int a) {
    return (unsigned char)a;
}
unsigned char byte_mix(unsigned char a, unsigned char b) {
    return (unsigned char)(a ^ (b >> 1));
}
short as_short(int a, unsigned char b) {
    return (short)((a & 0xff) * 64 + b);
}
long long widest(int a, short b) {
    return (long long)a * b;
}
int narrowed(long long a) {
    return (int)(a & 0xffff);
}

// Floats.

float as_float(double a) {
    return (float)clamp(a);
}
float float_sum(float a, float b) {
    return 0.5f * a + b;
}
double scaled_float(float a, double by) {
    return (double)a * by;
}
float float_of_int(int a) {
    return (float)(a & 0xfff);
}

// Truth.

bool is_less(double a, double b) {
    return a < b;
}
bool is_even(int a) {
    return a % 2 == 0;
}
bool both(bool a, bool b) {
    return a && b;
}
bool differ(bool a, bool b) {
    return a != b;
}

// Texts, given and borrowed.

char *label(int a) {
    char text[16];
    snprintf(text, sizeof text, "n%d", a % 100);
    return copy_text(text);
}
const char *sign_name(double a) {
    return a < 0 ? "negative" : "positive";
}
const char *tail(const char *text) {
    return *text != '\0' ? text + 1 : text;
}
const char *longer(const char *a, const char *b) {
    return strlen(b) > strlen(a) ? b : a;
}
char *joined(const char *a, const char *b) {
    char text[16];
    snprintf(text, sizeof text, "%.6s+%.6s", a, b);
    return copy_text(text);
}
int text_length(const char *text) {
    return (int)strlen(text);
}
bool is_same_text(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}
void two_texts(const char *word, const char **borrowed, char **given) {
    *borrowed = word;
    *given = copy_text(word);
}

// Structs by value and by reference, and objects.

struct point point(double a, double b) {
    return (struct point){a, b};
}
struct point moved(struct point p, double by) {
    return (struct point){p.x + by, p.y - by};
}
struct point mirrored(const struct point *p) {
    return (struct point){p->y, p->x};
}
double abscissa(const struct point *p) {
    return p->x;
}
double distance(struct point p, const struct point *q) {
    return fabs(p.x - q->x) + fabs(p.y - q->y);
}
struct wide wide(double a, int b) {
    return (struct wide){{a, a + 1, 2, 3, 4, 5, 6, a * 2}, {b, 1, 2, b}};
}
struct wide next_wide(struct wide w) {
    w.numbers[3] += w.numbers[0];
    w.marks[1] ^= w.marks[0];
    return w;
}
double wide_sum(const struct wide *w) {
    return w->numbers[0] + w->numbers[3] + w->numbers[7] + w->marks[1];
}
struct token *token(double a) {
    struct token *made = malloc(sizeof *made);
    if (made != NULL) {
        made->value = a;
    }
    return made;
}
const struct token *same_token(const struct token *t) {
    return t;
}
double token_value(const struct token *t, double a) {
    return t->value - a;
}

// What fails for some values.

int ratio(double a, double b, double *out) {
    *out = a / b;
    return b > 90 && b < 95;
}
int checked_int(int a, int *out) {
    *out = a / 3;
    return a % 61 == 7 ? 2 : 0;
}
int checked_text(const char *text, const char **out) {
    *out = text;
    return strcmp(text, "n13") == 0 || strcmp(text, "n-13") == 0;
}
int checked_label(int a, char **out) {
    *out = NULL;
    if (a % 83 == 5) {
        return 3;
    }
    *out = label(a);
    return *out == NULL;
}
int checked_pair(double a, double b, double *lower, bool *is_first) {
    *lower = a < b ? a : b;
    *is_first = a < b;
    return a > 96.5 && a < 97;
}

// Two outputs.

void parts(double a, double *whole, double *part) {
    *whole = floor(a);
    *part = a - *whole;
}
void halves(int a, int *half, unsigned char *bit) {
    *half = a / 2;
    *bit = (unsigned char)(a & 1);
}

// Whole arrays.

HM_EXCLUDE double add_totals(double a, double b) {
    return 0.75 * a + b; // no other order gives the same
}
HM_REDUCE(add_totals)
double total_of_chunks(size_t n, const double x[n]) {
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        all += x[i];
    }
    return all;
}
HM_REDUCE(add_totals)
double product_of_chunks(size_t n, const double x[n], const float y[n], double by) {
    double all = by;
    for (size_t i = 0; i < n; i++) {
        all += x[i] * (double)y[i];
    }
    return all;
}
HM_EXCLUDE int add_counts(int a, int b) {
    return a + b;
}
HM_REDUCE(add_counts)
int count_in_chunks(size_t n, const int x[n], const bool which[n]) {
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        count += which[i] && x[i] > 0;
    }
    return count;
}
HM_REDUCE(add_counts)
int checked_count(size_t n, const int x[n], int *out) {
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        *out += x[i] == 7;
    }
    return *out == 3;
}
HM_EXCLUDE struct point add_points(struct point a, struct point b) {
    return (struct point){0.5 * a.x + b.x, a.y - b.y};
}
HM_REDUCE(add_points)
struct point centre_of_chunks(size_t n, const struct point p[n]) {
    struct point all = {0, 0};
    for (size_t i = 0; i < n; i++) {
        all.x += p[i].x;
        all.y += p[i].y;
    }
    return all;
}
double total(size_t n, const double x[n]) {
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        all += x[i];
    }
    return all;
}
double inner_product(size_t n, const double x[n], const double y[n], double by) {
    double all = by;
    for (size_t i = 0; i < n; i++) {
        all += x[i] * y[i];
    }
    return all;
}
int count_true(size_t n, const bool x[n]) {
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        count += x[i];
    }
    return count;
}
float float_total(size_t n, const float x[n]) {
    float all = 0;
    for (size_t i = 0; i < n; i++) {
        all += x[i];
    }
    return all;
}
const char *longest(size_t n, const char *const texts[n]) {
    const char *found = "";
    for (size_t i = 0; i < n; i++) {
        found = longer(found, texts[i]);
    }
    return found;
}
struct point centre(size_t n, const struct point p[n]) {
    struct point all = {0, 0};
    for (size_t i = 0; i < n; i++) {
        all.x += p[i].x;
        all.y += p[i].y;
    }
    return all;
}
double rank_of(double a, size_t n, const double x[n]) { // may be mapped over a
    double rank = 0;
    for (size_t i = 0; i < n; i++) {
        rank += x[i] < a;
    }
    return rank;
}
int checked_total(size_t n, const int x[n], int *out) {
    unsigned all = 0;
    for (size_t i = 0; i < n; i++) {
        all += (unsigned)x[i];
    }
    *out = (int)(all & 0xffff);
    return all % 29 == 3;
}

// Arrays made.

void running(size_t n, const double x[n], double by, double out[n]) {
    double all = by;
    for (size_t i = 0; i < n; i++) {
        all = 0.5 * all + x[i];
        out[i] = all;
    }
}
void labels(size_t n, const int x[n], char *out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = label(x[i]);
    }
}
void backwards(size_t n, const char *const texts[n], const char *out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = texts[n - 1 - i];
    }
}
void points(size_t n, const double x[n], const double y[n], struct point out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct point){x[i], y[n - 1 - i]};
    }
}
int checked_steps(size_t n, const int x[n], int out[n], bool grows[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = i > 0 ? (int)((unsigned)x[i] - (unsigned)x[i - 1]) : 0;
        grows[i] = i > 0 && x[i] > x[i - 1];
    }
    return n > 0 && x[0] % 11 == 5;
}

// Expansions.

int few(double a, double **out, size_t *count) {
    size_t length = fabs(a) < 1e6 ? (size_t)fabs(a) % 9 : 3;
    double *made = malloc((length + 1) * sizeof *made);
    for (size_t i = 0; made != NULL && i < length; i++) {
        made[i] = a + (double)i;
    }
    *out = made;
    *count = length;
    return made == NULL;
}
int words(int a, char ***out, size_t *count) {
    size_t length = (unsigned)a % 5;
    char **made = malloc((length + 1) * sizeof *made);
    for (size_t i = 0; made != NULL && i < length; i++) {
        made[i] = label((int)i);
    }
    *out = made;
    *count = length;
    return made == NULL;
}
int positives(size_t n, const double x[n], double **out, int **places, size_t *count) {
    double *made = malloc((n + 1) * sizeof *made);
    int *at = malloc((n + 1) * sizeof *at);
    if (made == NULL || at == NULL) {
        free(made);
        free(at);
        return 1;
    }
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        if (x[i] > 0) {
            at[length] = (int)i;
            made[length++] = x[i];
        }
    }
    *out = made;
    *places = at;
    *count = length;
    return 0;
}
