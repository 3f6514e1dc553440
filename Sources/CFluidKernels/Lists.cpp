#include "Lists.h"

extern "C" FKLists *FKListsCreate(void) { return new FKLists; }
extern "C" void FKListsDestroy(FKLists *lists) { delete lists; }

extern "C" void FKListsResize(FKLists *lists, int64_t particles) {
  lists->blocks.resize(size_t((particles + FKBlockSize - 1) / FKBlockSize));
}

extern "C" int64_t FKListsBytes(const FKLists *lists) {
  size_t bytes = 0;
  for (const auto &block : lists->blocks)
    bytes += sizeof(FKBlock) + block.neighbors.capacity() * sizeof(int32_t) + block.walls.capacity() * sizeof(FKWall) +
             block.contacts.capacity() * sizeof(FKContact);
  return int64_t(bytes);
}
