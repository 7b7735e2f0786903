#pragma once
#include <unicode/uversion.h>
#include <unicode/uchar.h>
