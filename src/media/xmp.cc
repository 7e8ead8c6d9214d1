#include "media/xmp.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/utf8.h"

namespace troupe::media {
namespace {

constexpr std::string_view kSourceScheme = "http://cv.iptc.org/newscodes/digitalsourcetype/";
constexpr std::array kSources = {DigitalSource::composite_synthetic, DigitalSource::algorithmic_media,
                                 DigitalSource::trained_algorithmic_media,
                                 DigitalSource::composite_with_trained_algorithmic_media};

constexpr std::pair<std::string_view, std::string_view> kEscapes[] = {
    {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#13;", "\r"}};

/// XML 1.0, production 2: other control characters cannot even be written as references.
bool is_xml_character(char32_t value) {
  if (value < 0x20) return value == '\t' || value == '\n' || value == '\r';
  return value != 0xFFFE && value != 0xFFFF;
}

std::string escape(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const std::string_view bytes = text.substr(at, point.length);
    const bool malformed = point.value == 0xFFFD && point.length == 1;
    std::string_view written = malformed || !is_xml_character(point.value) ? "\xEF\xBF\xBD" : bytes;
    for (const auto& [escaped, plain] : kEscapes) {
      if (bytes == plain) written = escaped;
    }
    out += written;
    at += point.length;
  }
  return out;
}

std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view plain = text.substr(0, 1);
    size_t length = 1;
    for (const auto& [escaped, character] : kEscapes) {
      if (!text.starts_with(escaped)) continue;
      plain = character;
      length = escaped.size();
    }
    out += plain;
    text.remove_prefix(length);
  }
  return out;
}

void add(std::string& xml, std::string_view element, std::string_view value) {
  const std::string tag(element);
  xml += "   <" + tag + ">" + escape(value) + "</" + tag + ">\n";
}

std::optional<std::string> text_of(std::string_view xml, std::string_view element) {
  const std::string open = "<" + std::string(element) + ">", close = "</" + std::string(element) + ">";
  const size_t start = xml.find(open);
  if (start == std::string_view::npos) return std::nullopt;
  const size_t end = xml.find(close, start);
  if (end == std::string_view::npos) return std::nullopt;
  return unescape(xml.substr(start + open.size(), end - start - open.size()));
}

Result<DigitalSource> source_of(std::string_view address) {
  for (const DigitalSource source : kSources) {
    if (address == std::string(kSourceScheme) + std::string(name(source))) return source;
  }
  return make_error(ErrorCode::corrupt_input, "the XMP names an unknown digital source type");
}

Result<uint64_t> seed_of(const std::string& text) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error == std::errc() && end == text.data() + text.size()) return seed;
  return make_error(ErrorCode::corrupt_input, "the XMP's seed is not a whole number");
}

}  // namespace

std::string_view name(DigitalSource source) {
  switch (source) {
    case DigitalSource::composite_synthetic:
      return "compositeSynthetic";
    case DigitalSource::algorithmic_media:
      return "algorithmicMedia";
    case DigitalSource::trained_algorithmic_media:
      return "trainedAlgorithmicMedia";
    case DigitalSource::composite_with_trained_algorithmic_media:
      return "compositeWithTrainedAlgorithmicMedia";
  }
  return "";
}

std::string to_xmp(const VideoMetadata& metadata) {
  std::string xml =
      "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "  <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
      "    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
      "    xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"\n"
      "    xmlns:troupe=\"urn:troupe:take:1\">\n";
  add(xml, "xmp:CreatorTool", metadata.creator);
  add(xml, "Iptc4xmpExt:DigitalSourceType", std::string(kSourceScheme) + std::string(name(metadata.source)));
  xml += "   <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">" + escape(metadata.description) +
         "</rdf:li></rdf:Alt></dc:description>\n";
  add(xml, "troupe:model", metadata.model);
  add(xml, "troupe:engine", metadata.engine);
  add(xml, "troupe:engineVersion", metadata.engine_version);
  add(xml, "troupe:seed", std::to_string(metadata.seed));
  add(xml, "troupe:specSha256", metadata.spec_sha256);
  add(xml, "troupe:draft", metadata.draft ? "True" : "False");
  return xml + "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>";
}

Result<VideoMetadata> from_xmp(std::string_view packet) {
  const auto engine = text_of(packet, "troupe:engine");
  if (!engine) return make_error(ErrorCode::not_found, "the XMP metadata were not written by Troupe");
  const auto text = [&](std::string_view element) { return text_of(packet, element).value_or(""); };
  VideoMetadata metadata;
  TROUPE_TRY(metadata.source, source_of(text("Iptc4xmpExt:DigitalSourceType")));
  TROUPE_TRY(metadata.seed, seed_of(text("troupe:seed")));
  metadata.engine = *engine;
  metadata.creator = text("xmp:CreatorTool");
  metadata.model = text("troupe:model");
  metadata.engine_version = text("troupe:engineVersion");
  metadata.spec_sha256 = text("troupe:specSha256");
  metadata.draft = text("troupe:draft") != "False";
  const std::string_view item = "<rdf:li xml:lang=\"x-default\">";
  if (const size_t start = packet.find(item); start != std::string_view::npos) {
    const std::string_view rest = packet.substr(start + item.size());
    metadata.description = unescape(rest.substr(0, rest.find("</rdf:li>")));
  }
  return metadata;
}

}  // namespace troupe::media
