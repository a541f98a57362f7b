#pragma once
#define GPU(name) hip##name
#define GPU_STREAM struct ihipStream_t
#include "../../runtime.hpp"
