#include <stdint.h>
#include <stddef.h>
#include <hamilton/modifiers.h>
enum mode { UP, DOWN };
static double add(double x, double by) { return x + by; }
static double dir(double x, enum mode mode) { return mode == UP ? x: -x; }
static int64_t whole(double x) { return (int64_t)x; }
static void two(double x, double *a, double *b) { *a = x; *b = x; }
HM_PIPE_INPUT(xx, HM_STEP(add, HM_VALUE(by, 1)))
double a(double x) { return x; }
HM_PIPE_INPUT(x, HM_STEP(add, HM_VALUE(b, 1)), HM_STEP(add, HM_VALUE(by, "x")), HM_STEP(add, HM_VALUE(by, 1), HM_VALUE(x, 2)), HM_STEP(two))
double b(double x) { return x; }
HM_PIPE_INPUT(x, HM_STEP(whole), HM_STEP(add))
double c(double x) { return x; }
HM_PIPE_INPUT(x, HM_STEP(add), HM_STEP(whole))
double d(double x) { return x; }
HM_PIPE_OUTPUT(HM_STEP(add), HM_STEP(whole))
int e(int x) { return x; }
HM_PIPE_OUTPUT(HM_STEP(dir, HM_VALUE(mode, DOWN)), HM_STEP(dir, HM_VALUE(mode, OUT)), HM_VALUE(x, 1), HM_STEP(add, HM_IF(x), HM_VALUE(a, b)), HM_STEP(add, HM_AS(a), HM_AS(b)))
double f(double x) { return x; }
HM_MUTATE(ff) HM_EXCLUDE double m1(double x) { return x; }
HM_MUTATE(add) double m2(double x) { return x; }
HM_MUTATE(nothinglikethis) double m3(double x) { return x; }
HM_MUTATE(a) double m4(double x);
HM_MUTATE(e) double m5(double x) { return x; }
struct s { double u; int v; };
HM_PIPE_OUTPUT(HM_STEP(add)) HM_EXTRACT_FIELDS() struct s st(double x) { return (struct s){x, 1}; }
HM_PIPE_INPUT(x, HM_STEP(add)) HM_INJECT(HM_VALUE(x, 2)) double g(double x) { return x; }
HM_PIPE_INPUT(x, HM_STEP(whole)) double h(HM_DEFAULT(1) int64_t x) { return (double)x; }
HM_PIPE_OUTPUT(HM_STEP(add)) HM_PIPE_OUTPUT(HM_STEP(add)) double i(double x) { return x; }
HM_PIPE_OUTPUT() double j(double x) { return x; }
HM_PIPE_OUTPUT(HM_STEP()) double k(double x) { return x; }
HM_PIPE_INPUT(x) double l(double x) { return x; }
HM_MUTATE() double m6(double x) { return x; }
HM_PIPE_INPUT(x, HM_STEP(add, HM_IF(a, 1)), HM_STEP(whole, HM_IF_NOT(a, 1))) double ok(double x) { return x; }
