// The elementwise, reduction, normalisation, attention and optimiser kernels that oneDNN has no fused form of.
//
// Each kernel is compiled once for every processor level (Levels/*.cpp) and reached through a table of function pointers; the level is
// chosen once, from what the processor reports. Counts, strides and offsets are in elements, not bytes. Every kernel divides its
// work into pieces whose bounds depend on the shapes alone, so a result has the same bits on any number of threads.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { TKFloat32 = 0, TKBFloat16 = 1, TKFloat64 = 2 } TKElementType;

typedef enum {
  TKGelu = 0, TKSilu, TKSigmoid, TKTanh, TKExponential, TKLogarithm, TKSquare, TKSquareRoot,
} TKUnary;

typedef enum { TKAdd = 0, TKSubtract, TKMultiply, TKDivide } TKBinary;

/// A walk over `rank` axes with the strides of up to two operands (0 broadcasts).
enum { TKMaximumRank = 8 };
typedef struct {
  int64_t rank;
  int64_t extent[TKMaximumRank];
  int64_t firstStride[TKMaximumRank];
  int64_t secondStride[TKMaximumRank];
} TKWalk;

/// Rows of `width` elements normalised by their own mean and deviation (or root mean square alone), then scaled and shifted.
///
/// scaled = normalised × (scaleOffset + scale) + shift, where row r reads scale and shift at (r / rowsPerBatch) × batchStride.
typedef struct {
  int64_t rows, width, rowsPerBatch;
  bool centered;  // true: layer norm; false: RMS norm
  double epsilon, scaleOffset;
  int64_t scaleStride, shiftStride;
} TKRowNormalization;

/// [batch, positions, channels] normalised over the positions and the channels of each group, scaled, shifted, and passed through
/// SiLU if so wished.
typedef struct {
  int64_t batch, positions, channels, groups;
  double epsilon;
  bool activated;
} TKGroupNormalization;

/// Where element (batch, token, head, 0) of a [batch, tokens, heads, headWidth] view lies; the last axis is contiguous.
typedef struct { int64_t batch, token, head; } TKHeadStrides;

typedef struct {
  int64_t batch, heads, queries, keys, headWidth;
  double scale;
  TKHeadStrides query, key, value, output;  // the gradients' strides in the backward pass are given apart
} TKAttention;

typedef struct {
  TKHeadStrides outputGradient, queryGradient, keyGradient, valueGradient;
} TKAttentionGradients;

/// AdamW with decoupled weight decay (Loshchilov & Hutter 2019), bias corrections already folded into `stepSize` and `epsilon`.
typedef struct {
  float stepSize, beta1, beta2, epsilon, secondCorrection, decay, gradientScale;
} TKAdam;

/// Up to three spatial axes, channels last; weights are [out, kernel..., in].
typedef struct {
  int64_t batch, inputChannels, outputChannels;
  int64_t input[3], output[3], kernel[3], stride[3], paddingBefore[3], dilation[3];
} TKConvolution;

typedef struct {
  const char *name;
  bool matrixTiles;  // bf16 tile products in hardware (AMX)

  // y[i] = x[i], from one element type and layout to another; the walk's first strides are the target's, the second the source's.
  void (*copy)(TKElementType target, TKElementType source, const TKWalk *, void *y, const void *x);
  void (*fill)(TKElementType, int64_t count, double value, void *y);

  void (*unary)(TKElementType, TKUnary, int64_t count, const void *x, void *y);
  void (*unaryBackward)(TKElementType, TKUnary, int64_t count, const void *x, const void *dy, void *dx);
  // y = x × scale + offset
  void (*affine)(TKElementType, int64_t count, double scale, double offset, const void *x, void *y);
  // y (contiguous) = a ∘ b along the walk
  void (*binary)(TKElementType, TKBinary, const TKWalk *, const void *a, const void *b, void *y);

  // y[o, i] = scale × Σ_r x[o, r, i]; scratch holds reductionScratch(...) values of 8 bytes
  void (*sum)(TKElementType, int64_t outer, int64_t reduced, int64_t inner, double scale, const void *x,
                       void *y, void *scratch);
  void (*maximum)(TKElementType, int64_t outer, int64_t reduced, int64_t inner, const void *x, void *y,
                           int32_t *index);
  void (*maximumBackward)(TKElementType, int64_t outer, int64_t reduced, int64_t inner, const int32_t *index,
                                   const void *dy, void *dx);

  // y[b, r, w] = x + gate[b, w] × h
  void (*gatedAdd)(TKElementType, int64_t batch, int64_t rows, int64_t width, int64_t gateStride, const void *x,
                            const void *gate, const void *h, void *y);
  // dh = gate × dy; dgate[b, w] = Σ_r dy × h (contiguous)
  void (*gatedAddBackward)(TKElementType, int64_t batch, int64_t rows, int64_t width, int64_t gateStride,
                                    const void *gate, const void *h, const void *dy, void *dh,
                                    void *dgate, void *scratch);

  // mean and reciprocal deviation of each row are kept for the backward pass (8 bytes each for float64, 4 otherwise)
  void (*rowNormalization)(TKElementType, const TKRowNormalization *, const void *x, const void *_Nullable scale,
                                    const void *_Nullable shift, void *y, void *mean, void *reciprocal);
  // dscale and dshift are [batch, width], contiguous
  void (*rowNormalizationBackward)(TKElementType, const TKRowNormalization *, const void *x,
                                            const void *_Nullable scale, const void *mean, const void *reciprocal,
                                            const void *dy, void *dx, void *_Nullable dscale, void *_Nullable dshift,
                                            void *scratch);
  void (*groupNormalization)(TKElementType, const TKGroupNormalization *, const void *x,
                                      const void *scale, const void *shift, void *y, void *mean,
                                      void *reciprocal, void *scratch);
  void (*groupNormalizationBackward)(TKElementType, const TKGroupNormalization *, const void *x,
                                              const void *scale, const void *shift, const void *mean, const void *reciprocal,
                                              const void *dy, void *dx, void *dscale, void *dshift,
                                              void *scratch);

  void (*softmax)(TKElementType, int64_t rows, int64_t width, const void *x, void *y);
  void (*softmaxBackward)(TKElementType, int64_t rows, int64_t width, const void *y, const void *dy,
                                   void *dx);

  // logSumExp is [batch, heads, queries], 8 bytes each for float64, 4 otherwise
  int64_t (*attentionScratch)(TKElementType, const TKAttention *, bool backward);
  void (*attention)(TKElementType, const TKAttention *, const void *q, const void *k,
                             const void *v, void *y, void *logSumExp, void *scratch);
  void (*attentionBackward)(TKElementType, const TKAttention *, const TKAttentionGradients *,
                                     const void *q, const void *k, const void *v, const void *y,
                                     const void *logSumExp, const void *dy, void *dq, void *dk,
                                     void *dv, void *scratch);

  // x viewed as [rows, groups, width]: the first half of each width pairs with the second; row r turns by tables[r % tokens]
  void (*rotate)(TKElementType, int64_t rows, int64_t tokens, int64_t groups, int64_t width, double direction,
                          const float *cosines, const float *sines, const void *x, void *y);

  void (*gather)(TKElementType, int64_t count, int64_t width, const int32_t *index, const void *table,
                          void *y);
  void (*gatherBackward)(TKElementType, int64_t count, int64_t width, int64_t tableRows, const int32_t *index,
                                  const void *dy, void *dtable);

  // y[o, j, i] = Σ_t weights[t] x[o, columns[t], i] for t in starts[j] ..< starts[j + 1]: a sparse matrix along one axis
  void (*resample)(TKElementType, int64_t outer, int64_t from, int64_t to, int64_t inner, const int32_t *starts,
                            const int32_t *columns, const double *weights, const void *x, void *y);

  // C (contiguous) = A·B for each of `batch`; A's and B's rows and columns have the strides given. float64 only.
  void (*product)(int64_t batch, int64_t rows, int64_t columns, int64_t inner, const double *a, int64_t aBatch,
                           int64_t aRow, int64_t aColumn, const double *b, int64_t bBatch, int64_t bRow, int64_t bColumn,
                           double *c);
  // The direct sums, float64 only.
  void (*convolution)(const TKConvolution *, const double *x, const double *weights,
                               double *y);
  void (*convolutionBackwardData)(const TKConvolution *, const double *weights, const double *dy,
                                           double *dx);
  void (*convolutionBackwardWeights)(const TKConvolution *, const double *x, const double *dy,
                                              double *dweights);

  // Convolutions with kernels of some frames × 3 × 3, by Winograd's tiles: stride and dilation 1, at most eight kernel frames, channels in
  // multiples of 16, float32 or bfloat16. Weights are packed first; `turned` packs them for the convolution that takes a gradient
  // back. `sums` has the size of packed weights.
  int64_t (*tileWeightBytes)(const TKConvolution *);
  int64_t (*tileScratchBytes)(const TKConvolution *);
  void (*tilePack)(TKElementType, const TKConvolution *forward, bool turned, const void *w, void *packed);
  void (*tileConvolution)(TKElementType, const TKConvolution *, const void *x, const void *packed, const void *_Nullable bias, void *y,
                          void *scratch);
  void (*tileConvolutionBackwardWeights)(TKElementType, const TKConvolution *, const void *x, const void *dy, void *dw, void *sums,
                                         void *scratch);

  // Master weights and both moments are float32; the parameter (float32 or bfloat16) is the master's rounding.
  void (*adam)(TKElementType, int64_t count, const TKAdam *, const void *gradient, float *master,
                        float *first, float *second, void *parameter);
  // average += (1 − decay) × (x − average)
  void (*movingAverage)(TKElementType, int64_t count, float decay, const void *x, float *average);
  double (*sumOfSquares)(TKElementType, int64_t count, const void *x);

  // float32 products on bfloat16 tiles, null without them: C (contiguous) = A·B (+ bias of each column), B packed beforehand. Of each
  // operand's two strides one is 1. Scratch is one piece of memory, aligned to 64 bytes.
  int64_t (*_Nullable splitProductPackedBytes)(int64_t inner, int64_t columns);
  int64_t (*_Nullable splitProductScratchBytes)(void);
  void (*_Nullable splitProductPack)(int64_t inner, int64_t columns, const float *b, int64_t rowStride, int64_t columnStride,
                                     void *packed);
  void (*_Nullable splitProduct)(int64_t rows, int64_t columns, int64_t inner, const float *a, int64_t aRow, int64_t aColumn,
                                 const void *packed, const float *_Nullable bias, float *c, void *scratch);
} TKKernels;

/// The table for the best level this processor has, or for the named one ("baseline", "avx2", "avx512", "amx") when it is supported.
const TKKernels *TKBestKernels(void);
const TKKernels *_Nullable TKKernelsNamed(const char *name);

/// How many 8-byte values of scratch the column sums over this many rows and columns need.
int64_t TKReductionScratch(int64_t outer, int64_t reduced, int64_t inner);

/// Threads that kernels and oneDNN share (one OpenMP team); at least 1.
int TKThreadCount(void);
void TKSetThreadCount(int count);

/// Calls body(context, index) for every index below count, on all threads, and returns when all are done.
void TKParallel(int64_t count, void (*body)(void *_Nullable context, int64_t index), void *_Nullable context);

#ifdef __cplusplus
}
#endif

#pragma clang assume_nonnull end
