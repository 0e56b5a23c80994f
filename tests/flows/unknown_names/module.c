// A name that nobody knows is met with the nearest one.

double spend_per_signup(double spend, double signups) {
    return spend / signups;
}
