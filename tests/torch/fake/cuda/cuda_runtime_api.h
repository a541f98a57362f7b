#pragma once
#define GPU(name) cuda##name
#define GPU_STREAM struct CUstream_st
#include "../runtime.hpp"
