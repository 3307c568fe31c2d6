// The C ABI of libImageStandin.so. No function keeps state, so that many threads can call them at once;
// each returns 1, or 0 where it could not do its work. Pixels are rows of bytes without gaps.
#include "truncated.h"

#include <stb_image.h>
#include <stb_image_resize.h>
#include <stb_image_write.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <exception>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

void append(void* file, void* data, int size)
{
    auto& bytes = *static_cast<std::vector<uint8_t>*>(file);
    bytes.insert(bytes.end(), static_cast<uint8_t*>(data), static_cast<uint8_t*>(data) + size);
}

}

EXPORT void image_free(void* block)
{
    std::free(block);
}

// The first frame of a JPEG, PNG, BMP or GIF file as R, G, B, A. The caller frees the pixels.
EXPORT int32_t image_decode(const uint8_t* file, int32_t length,
    uint8_t** pixels, int32_t* width, int32_t* height, int32_t* has_alpha)
try {
    int channels = 0;
    *pixels = stbi_load_from_memory(file, length, width, height, &channels, 4);
    if (!*pixels) {
        std::vector<uint8_t> completed = complete_truncated(file, length);
        if (completed.empty() || completed.size() > INT_MAX)
            return 0;
        *pixels = stbi_load_from_memory(completed.data(), static_cast<int>(completed.size()), width, height, &channels, 4);
    }
    *has_alpha = channels == 2 || channels == 4;
    return *pixels != nullptr;
} catch (const std::exception&) {
    return 0;
}

// Fills a window of a four-channel picture, whose rows are `stride` bytes apart, with the part of the source
// between the corners (left, top) and (right, bottom), given as fractions of its size.
EXPORT int32_t image_resize(const uint8_t* source, int32_t source_width, int32_t source_height,
    uint8_t* target, int32_t width, int32_t height, int32_t stride, float left, float top, float right, float bottom)
{
    return stbir_resize_region(source, source_width, source_height, 0, target, width, height, stride, STBIR_TYPE_UINT8,
        4, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP, STBIR_EDGE_CLAMP, STBIR_FILTER_MITCHELL, STBIR_FILTER_MITCHELL,
        STBIR_COLORSPACE_LINEAR, nullptr, left, top, right, bottom);
}

// A PNG file of three or four channels or, where `jpeg_quality` is from 1 to 100, a JPEG file of three. The caller
// frees the file.
EXPORT int32_t image_encode(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, int32_t jpeg_quality,
    uint8_t** file, int32_t* length)
try {
    std::vector<uint8_t> bytes;
    int written = jpeg_quality > 0
        ? stbi_write_jpg_to_func(append, &bytes, width, height, channels, pixels, jpeg_quality)
        : stbi_write_png_to_func(append, &bytes, width, height, channels, pixels, width * channels);
    if (!written || bytes.empty() || bytes.size() > INT_MAX)
        return 0;
    *file = static_cast<uint8_t*>(std::malloc(bytes.size()));
    if (!*file)
        return 0;
    std::memcpy(*file, bytes.data(), bytes.size());
    *length = static_cast<int32_t>(bytes.size());
    return 1;
} catch (const std::exception&) {
    return 0;
}
