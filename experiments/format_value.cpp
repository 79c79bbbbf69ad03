// SPDX-License-Identifier: Apache-2.0
#include "experiments/format_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace kramers {

namespace {

/// Exponent of the leading decimal digit, after rounding to `digits` significant ones.
int exponent_of(double value, int digits) {
    std::string const text = fmt::format("{:.{}e}", std::abs(value), digits - 1);
    return std::stoi(text.substr(text.find('e') + 1));
}

bool needs_exponent(double magnitude) {
    return magnitude != 0.0 && (magnitude < 1e-3 || magnitude >= 1e5);
}

}  // namespace

std::string format_number(double value, int digits) {
    if (std::isnan(value)) return "-";
    if (std::isinf(value)) return value > 0.0 ? "inf" : "-inf";
    if (value == 0.0) return "0";
    if (needs_exponent(std::abs(value))) {
        int const scale = exponent_of(value, digits);
        return fmt::format("{:.{}f}e{}", value / std::pow(10.0, scale), digits - 1, scale);
    }
    return fmt::format("{:.{}f}", value, std::max(0, digits - 1 - exponent_of(value, digits)));
}

std::string format_value(double value, double standard_error) {
    if (!std::isfinite(value)) return "no estimate";
    bool const known = std::isfinite(standard_error) && standard_error > 0.0;
    // an error of rounding alone says nothing of a value that is the same in every group
    if (!known || standard_error < 1e-9 * std::abs(value)) return format_number(value, 6);
    double const magnitude = std::max(std::abs(value), standard_error);
    int const scale = needs_exponent(magnitude) ? exponent_of(magnitude, 1) : 0;
    double const unit = std::pow(10.0, scale);
    double const v = value / unit;
    double const e = standard_error / unit;
    // 0.0996 is printed as 0.10, so the number of digits follows from the rounded error.
    bool const begins_with_one = fmt::format("{:.1e}", e)[0] == '1';
    int const digits = begins_with_one ? 2 : 1;
    int const decimals = std::max(0, digits - 1 - exponent_of(e, digits));
    std::string const text = fmt::format("{:.{}f} ± {:.{}f}", v, decimals, e, decimals);
    return scale == 0 ? text : fmt::format("({})e{}", text, scale);
}

std::string format_count(double count) {
    if (!std::isfinite(count)) return "infinitely many";
    double const unit = count > 99.0 ? std::pow(10.0, std::floor(std::log10(count)) - 1.0) : 1.0;
    count = std::ceil(count / unit) * unit;
    if (count < 1e5) return fmt::format("{:.0f}", count);
    return format_number(count, 2);
}

std::string format_label(double value) {
    std::string const plain = fmt::format("{:.4g}", value);
    if (value == 0.0 || !std::isfinite(value)) return plain;
    int const exponent = exponent_of(value, 4);
    std::string const scientific =
        fmt::format("{:.4g}e{}", value / std::pow(10.0, exponent), exponent);
    bool const small = exponent < -3 || plain.find('e') != std::string::npos;
    return small && scientific.size() < plain.size() ? scientific : plain;
}

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
    std::size_t const have = columns_of(text);
    return std::string(text) + std::string(have < width ? width - have : 0, ' ');
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    auto const fits = [&](std::string_view word) {
        return columns_of(line) + (line.empty() ? 0 : 1) + columns_of(word) <= width;
    };
    auto const flush = [&] {
        if (!line.empty()) lines.push_back(std::exchange(line, {}));
    };
    auto const append = [&](std::string_view word) {
        if (!fits(word)) flush();
        if (!line.empty()) line += ' ';
        line += word;
    };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const end = std::min(text.find(' ', at), text.size());
        std::string_view word = text.substr(at, end - at);
        at = end + 1;
        while (columns_of(word) > width) {
            std::size_t cut = 0;  // bytes that fill one line
            for (std::size_t columns = 0; cut < word.size(); ++cut) {
                bool const starts_character = (word[cut] & 0xC0) != 0x80;
                if (starts_character && columns++ == width) break;
            }
            std::size_t const joint = word.find_last_of("=_/,", cut - 1);
            if (joint != std::string_view::npos && joint > 0) cut = joint + 1;
            flush();
            append(word.substr(0, cut));
            word.remove_prefix(cut);
        }
        if (!word.empty()) append(word);
    }
    flush();
    return lines;
}

void print_beside(std::string const& label, std::string_view text, std::size_t indent) {
    std::string left = label;
    for (std::string const& line : wrapped(text, 100 - indent)) {
        fmt::print("{}{}\n", padded(left, indent), line);
        left.clear();
    }
}

}  // namespace kramers
