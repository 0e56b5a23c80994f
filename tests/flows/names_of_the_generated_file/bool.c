// The boolean of an older C, beside that of this one.

typedef enum { false, true } bool;

bool is_positive(double x) {
    return x > 0 ? true : false;
}

void is_large(double x, bool *large, _Bool *huge) {
    *large = x > 100 ? true : false;
    *huge = x > 1000;
}

double chosen(bool is_positive, bool large, _Bool huge) {
    return is_positive == true ? 1 : large == true || huge ? 2 : 3;
}
