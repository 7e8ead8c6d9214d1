#include "image/matte/horizon.h"

#include <opencv2/imgproc.hpp>

namespace troupe::image::matte {

Horizon find_horizon(const cv::Mat&) { return {}; }

}  // namespace troupe::image::matte
