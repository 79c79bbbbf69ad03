// SPDX-License-Identifier: Apache-2.0
#include "experiments/tally_store.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "experiments/encode.hpp"
#include "experiments/hash.hpp"
#include "experiments/report.hpp"
#include "experiments/run_folder.hpp"

namespace kramers {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view magic = "kramers tallies\n";
constexpr std::size_t header_bytes = 3 * sizeof(std::uint64_t);
constexpr std::size_t flush_bytes = std::size_t{16} << 20;
constexpr auto flush_interval = std::chrono::seconds(1);

void append(std::string& bytes, std::uint64_t word) {
    char raw[sizeof word];
    std::memcpy(raw, &word, sizeof word);
    bytes.append(raw, sizeof word);
}

std::uint64_t length_at(std::string_view bytes, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    return word;
}

/// Lengths of identity and tallies, checksum of the two; identity, tallies, checksum of the two.
void append_entry(std::string& bytes, std::string const& identity, std::string const& tallies) {
    std::size_t const at = bytes.size();
    append(bytes, identity.size());
    append(bytes, tallies.size());
    append(bytes, xxh64(std::string_view(bytes).substr(at), 0));
    bytes += identity;
    bytes += tallies;
    append(bytes, xxh64(std::string_view(bytes).substr(at + header_bytes), 0));
}

/// `count` bytes from `offset`, fewer at the end of the file.
std::string read_at(std::ifstream& file, std::uint64_t offset, std::uint64_t count) {
    std::string bytes(static_cast<std::size_t>(count), '\0');
    file.clear();
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(bytes.data(), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    return bytes;
}

}  // namespace

TallyStore::TallyStore(fs::path folder, Controls const& controls)
    : folder_(std::move(folder)), flushed_(std::chrono::steady_clock::now()) {
    BuildInfo const build = build_info();
    salt_ = fmt::format("kramers {} {} stream {} encoding {} {}\n", build.version,
                        build.git_revision, stream_version, encoding_version,
                        controls.noise_math == NoiseMath::exact
                            ? "exact"
                            : fmt::format("fast {}", static_cast<int>(controls.backend)));
    std::error_code error;
    std::vector<int> segments;
    for (fs::directory_entry const& entry : fs::directory_iterator(folder_, error)) {
        int number = 0;
        if (std::sscanf(entry.path().filename().c_str(), "%d.tallies", &number) == 1 &&
            entry.path() == segment_path(number))
            segments.push_back(number);
    }
    std::sort(segments.begin(), segments.end());
    for (int const segment : segments) read_index(segment);
    if (!segments.empty()) last_segment_ = segments.back();
}

TallyStore::~TallyStore() {
    try {
        flush();
    } catch (RunFolderError const&) {}  // they are only run again
}

fs::path TallyStore::segment_path(int segment) const {
    return folder_ / fmt::format("{:06}.tallies", segment);
}

std::string TallyStore::identity(Plan const& plan) const { return salt_ + encode(plan); }
std::string TallyStore::key(Plan const& plan) const { return digest(identity(plan)); }

void TallyStore::read_index(int segment) {
    std::ifstream file(segment_path(segment), std::ios::binary);
    file.seekg(0, std::ios::end);
    auto const size = static_cast<std::uint64_t>(std::max<std::streamoff>(0, file.tellg()));
    std::uint64_t at = magic.size();
    if (read_at(file, 0, magic.size()) != magic) {
        ++damaged_;
        return;
    }
    while (at < size) {
        std::string const header = read_at(file, at, header_bytes);
        bool const whole =
            header.size() == header_bytes &&
            length_at(header, 16) == xxh64(std::string_view(header).substr(0, 16), 0);
        std::uint64_t const identity_bytes = whole ? length_at(header, 0) : 0;
        std::uint64_t const tally_bytes = whole ? length_at(header, 8) : 0;
        std::uint64_t const end = at + header_bytes + identity_bytes + tally_bytes + 8;
        if (!whole || end > size) {  // where the next entry begins is unknown
            ++damaged_;
            return;
        }
        std::string const name = digest(read_at(file, at + header_bytes, identity_bytes));
        index_[name] = {segment, at + header_bytes, identity_bytes, tally_bytes};
        at = end;
    }
}

bool TallyStore::contains(Plan const& plan) const { return index_.contains(key(plan)); }

std::optional<Tallies> TallyStore::find(Plan const& plan) {
    std::string const wanted = identity(plan);
    auto const found = index_.find(digest(wanted));
    if (found == index_.end()) return std::nullopt;
    Place const place = found->second;
    std::ifstream file(segment_path(place.segment), std::ios::binary);
    std::uint64_t const bytes = place.identity_bytes + place.tally_bytes;
    std::string const entry = read_at(file, place.offset, bytes + 8);
    std::string_view const text = std::string_view(entry).substr(0, std::min(bytes, entry.size()));
    bool const whole = entry.size() == bytes + 8 && length_at(entry, bytes) == xxh64(text, 0);
    std::optional<Tallies> tallies;
    if (whole && text.substr(0, place.identity_bytes) == wanted)
        tallies = decode_tallies(text.substr(place.identity_bytes));
    if (!tallies) {
        ++damaged_;
        index_.erase(found);
    }
    return tallies;
}

void TallyStore::put(Plan const& plan, Tallies const& tallies) {
    std::string const named = identity(plan);
    std::string const bytes = encode(tallies);
    if (pending_.empty()) pending_ = magic;
    pending_places_.push_back(
        {digest(named), {0, pending_.size() + header_bytes, named.size(), bytes.size()}});
    append_entry(pending_, named, bytes);
    if (pending_.size() >= flush_bytes) flush();
    else flush_if_due();
}

void TallyStore::flush_if_due() {
    if (!pending_.empty() && std::chrono::steady_clock::now() - flushed_ >= flush_interval) flush();
}

void TallyStore::flush() {
    flushed_ = std::chrono::steady_clock::now();
    if (pending_.empty()) return;
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error)
        throw RunFolderError(
            fmt::format("mkdir({}) failed: {}", folder_.string(), error.message()));
    write_file(segment_path(last_segment_ + 1), pending_);
    ++last_segment_;
    for (auto& [name, place] : pending_places_) {
        place.segment = last_segment_;
        index_[name] = place;
    }
    pending_ = std::string();  // its memory is the estimates' now
    pending_places_.clear();
    flushed_ = std::chrono::steady_clock::now();
}

void adopt_tallies(fs::path const& from, fs::path const& to) {
    std::error_code error;
    fs::create_directories(to, error);
    for (fs::directory_entry const& entry : fs::directory_iterator(from, error)) {
        fs::path const name = entry.path().filename(), target = to / name;
        if (name.extension() != ".tallies" || fs::exists(target)) continue;
        if (::link(entry.path().c_str(), target.c_str()) == 0) continue;
        std::ifstream file(entry.path(), std::ios::binary);  // a file system without links
        write_file(target, std::string(std::istreambuf_iterator<char>(file), {}));
    }
}

}  // namespace kramers
