#define FORMAT "%.17g "
