#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// A file that the decoder takes, with what a truncated JPEG or PNG file still holds; empty if this is none, or
// too little is left of it. SkiaSharp decodes such files as far as they go, where stb reports an error.
std::vector<uint8_t> complete_truncated(const uint8_t* file, std::size_t length);
