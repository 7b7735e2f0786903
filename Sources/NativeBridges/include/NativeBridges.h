/// The C face of the C and C++ libraries that toktrain stands on. One header per bridge.
#pragma once

#include "tt_charsmap.h"
#include "tt_characters.h"
#include "tt_decompress.h"
#include "tt_find.h"
#include "tt_hash.h"
#include "tt_json.h"
#include "tt_memory.h"
#include "tt_names.h"
#include "tt_normalizer.h"
#include "tt_processors.h"
#include "tt_regex.h"
#include "tt_rename.h"
#include "tt_scripts.h"
#include "tt_unicode.h"
#include "tt_utf8.h"
#include "tt_versions.h"
