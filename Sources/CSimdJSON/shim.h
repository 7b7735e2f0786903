#pragma once
// simdjson is C++ only: NativeBridges includes it; this module carries its flags and its link.
