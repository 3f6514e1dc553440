#include "COpenCV.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace {

// Runs `body` on one thread and turns what it throws into a status.
template <class Body>
int guarded(int failure, Body body) {
  try {
    static const bool single = (cv::setNumThreads(1), true);
    (void)single;
    body();
    return MCV_OK;
  } catch (const cv::Exception &error) {
    return error.code == cv::Error::StsNoConv ? MCV_NO_CONVERGENCE : failure;
  } catch (...) {
    return failure;
  }
}

// OpenCV has no view of constant memory; none of the callers below writes through it.
cv::Mat view(const void *data, int height, int width, int type) {
  return cv::Mat(height, width, type, const_cast<void *>(data));
}

}  // namespace

int mcv_align(const uint8_t *reference, const uint8_t *moving, const uint8_t *mask, int width, int height,
              int iterations, double epsilon, double map[6], double *correlation) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat warp(2, 3, CV_32F);
    for (int i = 0; i < 6; ++i) warp.at<float>(i / 3, i % 3) = float(map[i]);
    cv::TermCriteria criteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, iterations, epsilon);
    cv::Mat inputMask = mask ? view(mask, height, width, CV_8U) : cv::Mat();
    *correlation = cv::findTransformECC(view(reference, height, width, CV_8U), view(moving, height, width, CV_8U), warp,
                                        cv::MOTION_EUCLIDEAN, criteria, inputMask, 5);
    for (int i = 0; i < 6; ++i) map[i] = warp.at<float>(i / 3, i % 3);
  });
}

int mcv_warp_rgb(const uint8_t *source, int width, int height, const double map[6], uint8_t *destination, uint8_t *inside) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat warp(2, 3, CV_64F, const_cast<double *>(map));
    const int flags = cv::INTER_LINEAR | cv::WARP_INVERSE_MAP;
    cv::Mat out = view(destination, height, width, CV_8UC3);
    cv::warpAffine(view(source, height, width, CV_8UC3), out, warp, out.size(), flags, cv::BORDER_REPLICATE);
    cv::Mat present(height, width, CV_8U, cv::Scalar(255));
    cv::Mat outInside = view(inside, height, width, CV_8U);
    cv::warpAffine(present, outInside, warp, out.size(), cv::INTER_NEAREST | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 0);
  });
}

int mcv_components(const uint8_t *mask, int width, int height, int32_t *labels, mcv_component *components, int capacity,
                   int *count) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat out = view(labels, height, width, CV_32S), stats, centroids;
    const int found = cv::connectedComponentsWithStats(view(mask, height, width, CV_8U), out, stats, centroids, 8, CV_32S) - 1;
    for (int i = 0; i < found && i < capacity; ++i) {
      const int *row = stats.ptr<int>(i + 1);
      components[i] = {row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_WIDTH], row[cv::CC_STAT_HEIGHT],
                       row[cv::CC_STAT_AREA]};
    }
    *count = found;
  });
}

int mcv_open_close(uint8_t *mask, int width, int height, int open, int close) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat plane = view(mask, height, width, CV_8U);
    const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
    if (open) cv::morphologyEx(plane, plane, cv::MORPH_OPEN, square, {-1, -1}, open);
    if (close) cv::morphologyEx(plane, plane, cv::MORPH_CLOSE, square, {-1, -1}, close);
  });
}

int mcv_blurred_gray(const uint8_t *source, int width, int height, int size, uint8_t *gray) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat out = view(gray, height, width, CV_8U);
    cv::cvtColor(view(source, height, width, CV_8UC3), out, cv::COLOR_RGB2GRAY);
    cv::GaussianBlur(out, out, {size, size}, 0);
  });
}

int mcv_running_difference(const uint8_t *gray, int width, int height, double weight, double threshold, double *mean, uint8_t *mask) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat now = view(gray, height, width, CV_8U), average = view(mean, height, width, CV_64F), rounded;
    cv::accumulateWeighted(now, average, weight);
    cv::convertScaleAbs(average, rounded);
    cv::Mat out = view(mask, height, width, CV_8U);
    cv::absdiff(now, rounded, out);
    cv::threshold(out, out, threshold, 255, cv::THRESH_BINARY);
  });
}

int mcv_resize_linear(const uint8_t *source, int width, int height, int channels, uint8_t *destination, int new_width, int new_height) {
  return guarded(MCV_FAILED, [&] {
    const int type = CV_MAKETYPE(CV_8U, channels);
    cv::Mat out = view(destination, new_height, new_width, type);
    cv::resize(view(source, height, width, type), out, out.size());
  });
}

int mcv_box_blur(float *plane, int width, int height, int size) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat mat = view(plane, height, width, CV_32F);
    cv::blur(mat, mat, {size, size}, {-1, -1}, cv::BORDER_REPLICATE);
  });
}

int mcv_shrink_rgb(const uint8_t *source, int width, int height, int factor, uint8_t *destination) {
  return guarded(MCV_FAILED, [&] {
    const int w = width / factor, h = height / factor;
    cv::Mat cropped = view(source, height, width, CV_8UC3)(cv::Rect(0, 0, w * factor, h * factor));
    cv::Mat out = view(destination, h, w, CV_8UC3);
    cv::resize(cropped, out, out.size(), 0, 0, cv::INTER_AREA);
  });
}

int mcv_power_spectra(const float *samples, int frames, int window, int hop, const float *weights, float *power) {
  return guarded(MCV_FAILED, [&] {
    cv::Mat rows(frames, window, CV_32F), packed;
    for (int k = 0; k < frames; ++k) {
      float *row = rows.ptr<float>(k);
      for (int i = 0; i < window; ++i) row[i] = samples[k * hop + i] * weights[i];
    }
    // Packed: re 0, re 1, im 1, re 2, im 2, ..., re window/2.
    const int half = window / 2;
    for (int k = 0; k < frames; ++k) {
      // Row by row: the same bits however many come at once.
      cv::dft(rows.row(k), packed, cv::DFT_ROWS);
      const float *row = packed.ptr<float>(0);
      float *out = power + k * (half + 1);
      out[0] = row[0] * row[0];
      for (int i = 1; i < half; ++i) out[i] = row[2 * i - 1] * row[2 * i - 1] + row[2 * i] * row[2 * i];
      out[half] = row[window - 1] * row[window - 1];
    }
  });
}
