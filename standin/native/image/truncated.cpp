#include "truncated.h"

#include <stb_image.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>

// Declared only where stb_image_write's implementation is.
extern "C" unsigned char* stbi_zlib_compress(unsigned char* data, int data_len, int* out_len, int quality);

namespace {

uint32_t big_endian(const uint8_t* bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

// A sequential JPEG file whose first scan has begun needs but an end marker. A progressive one is lost, in
// SkiaSharp too.
std::vector<uint8_t> complete_jpeg(const uint8_t* file, size_t length)
{
    constexpr uint8_t sequential = 0xC0, extended = 0xC1, start_of_scan = 0xDA;
    bool can_be_cut = false;
    for (size_t at = 2; at + 4 <= length && file[at] == 0xFF; at += 2 + big_endian(file + at + 2, 2)) {
        uint8_t marker = file[at + 1];
        if (marker == sequential || marker == extended)
            can_be_cut = true;
        if (marker == start_of_scan) {
            if (!can_be_cut)
                break;
            std::vector<uint8_t> completed(file, file + length);
            completed.insert(completed.end(), {0xFF, 0xD9});
            return completed;
        }
    }
    return {};
}

void append_chunk(std::vector<uint8_t>& png, const char* type, const uint8_t* data, size_t length)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        png.push_back(static_cast<uint8_t>(length >> shift));
    png.insert(png.end(), type, type + 4);
    png.insert(png.end(), data, data + length);
    png.insert(png.end(), 4, 0); // the check sum, which stb does not read
}

// Rows of filtered pixels, each a filter's number and then the pixels.
struct Pass {
    size_t rows, row_size;
};

// One, or the seven of an interlaced file; none if the header makes no sense.
std::vector<Pass> passes(const uint8_t* header)
{
    struct Grid { size_t x, y, dx, dy; };
    static constexpr Grid whole[] = {{0, 0, 1, 1}};
    static constexpr Grid interlaced[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    static constexpr int channels_by_color_type[] = {1, 0, 3, 1, 2, 0, 4};

    size_t width = big_endian(header, 4), height = big_endian(header + 4, 4);
    int depth = header[8], color_type = header[9];
    if (color_type > 6 || width > 1 << 24 || height > 1 << 24)
        return {};
    std::vector<Pass> found;
    auto add = [&](const Grid& grid) {
        if (width > grid.x && height > grid.y) {
            size_t columns = (width - grid.x + grid.dx - 1) / grid.dx;
            size_t bits = columns * depth * channels_by_color_type[color_type];
            found.push_back({(height - grid.y + grid.dy - 1) / grid.dy, 1 + (bits + 7) / 8});
        }
    };
    if (header[12] == 0)
        std::for_each(std::begin(whole), std::end(whole), add);
    else
        std::for_each(std::begin(interlaced), std::end(interlaced), add);
    return found;
}

// The inflater may make up a few bytes where its input ends. Where they would be read as a filter, the rows end.
void clear_after_last_row(std::vector<uint8_t>& raw, const std::vector<Pass>& passes)
{
    constexpr uint8_t last_filter = 4;
    auto row = raw.begin();
    for (const Pass& pass : passes) {
        for (size_t i = 0; i < pass.rows; i++, row += pass.row_size) {
            if (*row > last_filter) {
                std::fill(row, raw.end(), 0);
                return;
            }
        }
    }
}

// Unpacks what is there, leaves the missing rows zero, and packs it again. A block that was stored unpacked is
// lost where it is cut.
std::vector<uint8_t> complete_png(const uint8_t* file, size_t length)
{
    constexpr size_t signature = 8, chunk_header = 8, check_sum = 4;
    size_t first_data = 0;
    std::vector<uint8_t> packed;
    for (size_t at = signature; at + chunk_header < length;) {
        size_t size = big_endian(file + at, 4), left = length - at - chunk_header;
        const uint8_t* type = file + at + 4;
        if (std::memcmp(type, "IEND", 4) == 0)
            return {}; // complete: something else is wrong with it
        if (std::memcmp(type, "IDAT", 4) == 0) {
            if (first_data == 0)
                first_data = at;
            packed.insert(packed.end(), type + 4, type + 4 + std::min(size, left));
        }
        if (size + check_sum > left)
            break;
        at += chunk_header + size + check_sum;
    }
    if (first_data < signature + chunk_header + 13)
        return {};

    std::vector<Pass> rows = passes(file + signature + chunk_header);
    size_t size = 0;
    for (const Pass& pass : rows)
        size += pass.rows * pass.row_size;
    if (size == 0 || size > 1 << 30)
        return {};
    std::vector<uint8_t> raw(size);
    stbi_zlib_decode_buffer(reinterpret_cast<char*>(raw.data()), static_cast<int>(size),
        reinterpret_cast<const char*>(packed.data()), static_cast<int>(packed.size()));
    clear_after_last_row(raw, rows);

    int repacked_size = 0;
    std::unique_ptr<uint8_t, decltype(&std::free)> repacked(
        stbi_zlib_compress(raw.data(), static_cast<int>(size), &repacked_size, 5), &std::free);
    if (!repacked)
        return {};
    std::vector<uint8_t> completed(file, file + first_data);
    append_chunk(completed, "IDAT", repacked.get(), repacked_size);
    append_chunk(completed, "IEND", nullptr, 0);
    return completed;
}

}

std::vector<uint8_t> complete_truncated(const uint8_t* file, size_t length)
{
    if (length > 4 && std::memcmp(file, "\xFF\xD8\xFF", 3) == 0)
        return complete_jpeg(file, length);
    if (length > 8 && std::memcmp(file, "\x89PNG\r\n\x1A\n", 8) == 0)
        return complete_png(file, length);
    return {};
}
