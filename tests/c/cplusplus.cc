// The header from C++: that it compiles and links is the test.
#include "ringlet.h"

int main() {
  ringlet *phone = ringlet_open(nullptr, nullptr, 0);
  const ringlet_text none = {nullptr, 0};
  const int status = phone ? ringlet_init(phone, none) : 0;
  ringlet_close(phone);
  return status < 0 ? 0 : 1;
}
