// A type whose content is nobody's business.
struct counter;
struct counter *counter_create(double start);
void counter_destroy(struct counter *counter);
double counter_next(const struct counter *counter);
