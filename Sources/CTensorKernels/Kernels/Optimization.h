// One pass over a parameter for AdamW and for a moving average.
namespace TK_LEVEL {

template <class T>
void adamElements(int64_t count, const TKAdam &a, const T *gradient, float *master, float *first, float *second, T *parameter) {
  parallelPieces(count, elementsPerPiece, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += laneCount) {
      int64_t left = end - i;
      f32x16 g = loadLanes<T>(gradient + i, left) * a.gradientScale, w = loadLanes<float>(master + i, left);
      f32x16 m = loadLanes<float>(first + i, left), v = loadLanes<float>(second + i, left);
      m = m + (g - m) * (1 - a.beta1);
      v = v + (g * g - v) * (1 - a.beta2);
      w = w - w * a.decay - a.stepSize * m / (squareRoot<f32x16>(v * a.secondCorrection) + a.epsilon);
      storeLanes<float>(first + i, m, left);
      storeLanes<float>(second + i, v, left);
      storeLanes<float>(master + i, w, left);
      storeLanes<T>(parameter + i, w, left);
    }
  });
}
void adam(TKElementType type, int64_t count, const TKAdam *a, const void *gradient, float *master, float *first, float *second,
          void *parameter) {
  if (type == TKFloat32) adamElements<float>(count, *a, (const float *)gradient, master, first, second, (float *)parameter);
  if (type == TKBFloat16) adamElements<bfloat16>(count, *a, (const bfloat16 *)gradient, master, first, second, (bfloat16 *)parameter);
}

template <class T> void averageElements(int64_t count, float decay, const T *x, float *average) {
  parallelPieces(count, elementsPerPiece, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += laneCount) {
      f32x16 v = loadLanes<float>(average + i, end - i);
      storeLanes<float>(average + i, v + (loadLanes<T>(x + i, end - i) - v) * (1 - decay), end - i);
    }
  });
}
void movingAverage(TKElementType type, int64_t count, float decay, const void *x, float *average) {
  if (type == TKFloat32) averageElements<float>(count, decay, (const float *)x, average);
  if (type == TKBFloat16) averageElements<bfloat16>(count, decay, (const bfloat16 *)x, average);
}

}  // namespace TK_LEVEL
