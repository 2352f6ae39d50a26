/**
 * @file image.h
 * What others of this room need of the image.
 *
 * Threads: those of the arena.
 */
#ifndef HUTCH_ARENA_IMAGE_H
#define HUTCH_ARENA_IMAGE_H

#include "arena/state.h"

/** After the whole arena has been accessible to sanitizers: as it was made by its allocations. */
void hutch_image_repoison(const hutch_arena *arena);

#endif
