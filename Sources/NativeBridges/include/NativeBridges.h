/// The C face of the C and C++ libraries that toktrain stands on. One header per bridge.
#pragma once

#include "tt_rename.h"
#include "tt_versions.h"
