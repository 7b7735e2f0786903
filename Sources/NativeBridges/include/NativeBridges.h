/// The C face of the C and C++ libraries that toktrain stands on. One header per bridge.
#pragma once

#include "tt_unicode.h"
#include "tt_versions.h"
