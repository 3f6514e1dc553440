#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <stdio.h>

// Macros that Swift can't see.
static const int clibav_error_end_of_file = AVERROR_EOF;
static const int clibav_error_again = AVERROR(EAGAIN);
static const int64_t clibav_no_timestamp = AV_NOPTS_VALUE;

// libav prints its messages to stderr unless told otherwise. Here the first error of each thread is kept for whoever asks,
// and all others are dropped. In C because a callback that takes a va_list can't be written in Swift.
static inline char *clibav_first_error(void) {
  static _Thread_local char text[400];
  return text;
}

static inline void clibav_keep_first_error(void *source, int level, const char *format, va_list arguments) {
  (void)source;
  if (level <= AV_LOG_ERROR && clibav_first_error()[0] == 0) vsnprintf(clibav_first_error(), 400, format, arguments);
}

static inline void clibav_capture_log(void) { av_log_set_callback(clibav_keep_first_error); }
