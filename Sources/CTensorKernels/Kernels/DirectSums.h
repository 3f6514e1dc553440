// Products and convolutions in float64, straight from their definitions: what the fast ones are checked against.
namespace TK_LEVEL {

void product(int64_t batch, int64_t rows, int64_t columns, int64_t inner, const double *a, int64_t aBatch, int64_t aRow,
             int64_t aColumn, const double *b, int64_t bBatch, int64_t bRow, int64_t bColumn, double *c) {
  parallel(batch * rows, [&](int64_t item) {
    const double *left = a + item / rows * aBatch + item % rows * aRow, *right = b + item / rows * bBatch;
    for (int64_t n = 0; n < columns; n++) {
      double total = 0;
      for (int64_t k = 0; k < inner; k++) total += left[k * aColumn] * right[k * bRow + n * bColumn];
      c[item * columns + n] = total;
    }
  });
}

/// Calls body(output position, input position, kernel position), as flat indices, for each pair that the kernel connects.
template <class Body> TK_INLINE void forEachTap(const TKConvolution &c, const Body &body) {
  for (int64_t o0 = 0; o0 < c.output[0]; o0++)
    for (int64_t o1 = 0; o1 < c.output[1]; o1++)
      for (int64_t o2 = 0; o2 < c.output[2]; o2++)
        for (int64_t k0 = 0; k0 < c.kernel[0]; k0++)
          for (int64_t k1 = 0; k1 < c.kernel[1]; k1++)
            for (int64_t k2 = 0; k2 < c.kernel[2]; k2++) {
              int64_t i0 = o0 * c.stride[0] + k0 * c.dilation[0] - c.paddingBefore[0];
              int64_t i1 = o1 * c.stride[1] + k1 * c.dilation[1] - c.paddingBefore[1];
              int64_t i2 = o2 * c.stride[2] + k2 * c.dilation[2] - c.paddingBefore[2];
              if (i0 < 0 || i0 >= c.input[0] || i1 < 0 || i1 >= c.input[1] || i2 < 0 || i2 >= c.input[2]) continue;
              body((o0 * c.output[1] + o1) * c.output[2] + o2, (i0 * c.input[1] + i1) * c.input[2] + i2,
                   (k0 * c.kernel[1] + k1) * c.kernel[2] + k2);
            }
}
TK_INLINE int64_t volume(const int64_t extent[3]) { return extent[0] * extent[1] * extent[2]; }

/// Calls body(batch, y index, x index, weight index) for every product in the sum.
template <class Body> TK_INLINE void forEachTerm(const TKConvolution &c, const Body &body) {
  int64_t in = c.inputChannels, out = c.outputChannels, taps = volume(c.kernel);
  for (int64_t b = 0; b < c.batch; b++)
    forEachTap(c, [&](int64_t o, int64_t i, int64_t k) {
      for (int64_t q = 0; q < out; q++)
        for (int64_t p = 0; p < in; p++)
          body((b * volume(c.output) + o) * out + q, (b * volume(c.input) + i) * in + p, (q * taps + k) * in + p);
    });
}

void convolution(const TKConvolution *c, const double *x, const double *w, double *y) {
  fillElements<double>(c->batch * volume(c->output) * c->outputChannels, 0, y);
  forEachTerm(*c, [&](int64_t o, int64_t i, int64_t k) { y[o] += x[i] * w[k]; });
}
void convolutionBackwardData(const TKConvolution *c, const double *w, const double *dy, double *dx) {
  fillElements<double>(c->batch * volume(c->input) * c->inputChannels, 0, dx);
  forEachTerm(*c, [&](int64_t o, int64_t i, int64_t k) { dx[i] += dy[o] * w[k]; });
}
void convolutionBackwardWeights(const TKConvolution *c, const double *x, const double *dy, double *dw) {
  fillElements<double>(c->outputChannels * volume(c->kernel) * c->inputChannels, 0, dw);
  forEachTerm(*c, [&](int64_t o, int64_t i, int64_t k) { dw[k] += dy[o] * x[i]; });
}

}  // namespace TK_LEVEL
