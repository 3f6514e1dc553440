// Everything a level compiles, and its table. Included once by each file of Levels/, which says:
//   TK_LEVEL             the namespace and the table's name
//   TK_AVX512            whether AVX-512's own instructions may be used
//   TK_HARDWARE_BFLOAT16 whether AVX-512's bfloat16 conversions and dot products may be used
//   TK_TILES             whether AMX's tiles may be used
//   TK_PRODUCT_ROWS, TK_PRODUCT_COLUMNS   the accumulators that fit the registers: rows × columns of sixteen lanes
#define TK_INLINE inline __attribute__((always_inline))
#define TK_INLINE_LAMBDA __attribute__((always_inline))
#pragma clang fp contract(fast)
#pragma clang diagnostic ignored "-Wpsabi"

#include "Lanes.h"
#include "Elementary.h"
#include "Elementwise.h"
#include "Reduction.h"
#include "Normalization.h"
#include "GroupNormalization.h"
#include "Softmax.h"
#include "VectorProduct.h"
#include "AttentionBlocks.h"
#if TK_HARDWARE_BFLOAT16
#include "PairBlocks.h"
#include "DotBlocks.h"
#endif
#if TK_TILES
#include "TileBlocks.h"
#include "SplitTileBlocks.h"
#include "SplitProduct.h"
#endif
#include "Attention.h"
#include "Rotation.h"
#include "Gathering.h"
#include "DirectSums.h"
#include "Winograd.h"
#include "WinogradConvolution.h"
#include "Optimization.h"

#define TK_QUOTE(name) #name
#define TK_NAME(name) TK_QUOTE(name)

namespace TK_LEVEL {
extern const TKKernels kernels;
const TKKernels kernels = {
    TK_NAME(TK_LEVEL), TK_TILES,
    copy, fill, unary, unaryBackward, affine, binary, sum, maximum, maximumBackward, gatedAdd, gatedAddBackward, rowNormalization,
    rowNormalizationBackward, groupNormalization, groupNormalizationBackward, softmax, softmaxBackward, attentionScratch, attention,
    attentionBackward, rotate, gather, gatherBackward, resample, product, convolution, convolutionBackwardData,
    convolutionBackwardWeights, tileWeightBytes, tileScratchBytes, tilePack, tileConvolution, tileConvolutionBackwardWeights, adam, movingAverage, sumOfSquares,
#if TK_TILES
    splitProductPackedBytes, splitProductScratchBytes, splitProductPack, splitProduct,
#else
    nullptr, nullptr, nullptr, nullptr,
#endif
};
}  // namespace TK_LEVEL
