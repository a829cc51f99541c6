#include <flint/fmpz.h>
#include <flint/fmpq.h>
