// A thin C face over OpenCV's image processing: what the motion tracker can't reach from Swift.
//
// Pictures are tight rows (no padding). Every function returns 0, or a negative status; no C++ exception crosses.
// OpenCV runs on the calling thread alone, so that equal input gives equal bytes.
#ifndef MONDO_COPENCV_H
#define MONDO_COPENCV_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  MCV_OK = 0,
  // OpenCV refused the arguments or ran out of memory.
  MCV_FAILED = -1,
  // An alignment did not converge: the pictures have too little in common.
  MCV_NO_CONVERGENCE = -2,
};

// A connected set of nonzero pixels.
typedef struct {
  int32_t left, top, width, height, area;
} mcv_component;

// 2x3 affine map taking `reference` coordinates to `moving` coordinates, pixel centres at integers (OpenCV's convention).
// Enhanced correlation coefficient maximisation, rotation and translation (Evangelidis & Psarakis, PAMI 2008).
// `map` holds the start on entry and the answer on return. `mask` (may be null) is nonzero where `reference` counts.
int mcv_align(const uint8_t *reference, const uint8_t *moving, const uint8_t *mask, int width, int height,
              int iterations, double epsilon, double map[6], double *correlation);

// Resamples a 3-channel picture through `map` (as given by mcv_align), bilinear; `inside` is 255 where the source exists.
int mcv_warp_rgb(const uint8_t *source, int width, int height, const double map[6], uint8_t *destination, uint8_t *inside);

// Labels the 8-connected components of `mask`; labels 1...*count, component k-1 describes label k.
// `*count` is the number found; only the first `capacity` are described.
int mcv_components(const uint8_t *mask, int width, int height, int32_t *labels, mcv_component *components, int capacity,
                   int *count);

// Opening (erosion first) and closing (dilation first) by a 3x3 square, in place; each is skipped when its count is 0.
int mcv_open_close(uint8_t *mask, int width, int height, int open, int close);

// Gray levels of a 3-channel picture (red first), blurred by a size x size Gaussian whose width OpenCV derives from the size.
int mcv_blurred_gray(const uint8_t *source, int width, int height, int size, uint8_t *gray);

// Folds `gray` into the running mean (in place) with that weight, then marks with 255 where it differs from the rounded mean by more
// than `threshold` levels.
int mcv_running_difference(const uint8_t *gray, int width, int height, double weight, double threshold, double *mean, uint8_t *mask);

// Bilinear resampling of a picture of so many 8-bit channels, pixel centres aligned at the picture's edges.
int mcv_resize_linear(const uint8_t *source, int width, int height, int channels, uint8_t *destination, int new_width, int new_height);

// Mean over a size x size square, in place.
int mcv_box_blur(float *plane, int width, int height, int size);

// Mean over factor x factor blocks of a 3-channel picture; the destination is (width / factor) x (height / factor).
int mcv_shrink_rgb(const uint8_t *source, int width, int height, int factor, uint8_t *destination);

// Power spectra of `frames` stretches of sound: stretch k starts at sample k*hop, is `window` samples long (a power of two), and
// is weighted by `weights`. Row k of `power` holds |X|^2 of the window/2 + 1 frequencies from 0 to half the sample rate.
int mcv_power_spectra(const float *samples, int frames, int window, int hop, const float *weights, float *power);

#ifdef __cplusplus
}
#endif
#endif
